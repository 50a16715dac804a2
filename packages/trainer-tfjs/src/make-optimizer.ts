import { describe } from "@colm/array";
import { adam, adamw } from "./adamw.ts";
import { lion } from "./lion.ts";
import type { Optimizer } from "./optimizer.ts";
import { type ParameterGroup, UNDECAYED } from "./parameter-groups.ts";
import { sgd } from "./sgd.ts";

/** Names of optimizers: this project's, and Hugging Face's for the same. */
export type OptimizerName = "adamw" | "adamw_torch" | "adam" | "sgd" | "lion" | "lion_32bit";

/** Settings of a run that concern its optimizer. */
export interface OptimizerSettings {
  /** Default `"adamw"`. */
  readonly optim?: OptimizerName | undefined;
  /** Weight decay; norm weights and biases have none unless `parameterGroups` says so. Default 0. */
  readonly weightDecay?: number | undefined;
  /**
   * Parameters with a decay or a rate of their own; of decay and rate each is the first group's that matches and gives
   * it. Default none.
   */
  readonly parameterGroups?: readonly ParameterGroup[] | undefined;
  /** Default 0.9. */
  readonly adamBeta1?: number | undefined;
  /** Default 0.999; 0.99 of Lion. */
  readonly adamBeta2?: number | undefined;
  /** Default 1e-8. */
  readonly adamEpsilon?: number | undefined;
  /** Momentum of `"sgd"`, in [0, 1). Default 0. */
  readonly momentum?: number | undefined;
}

/** The optimizer that the settings name. */
export function makeOptimizer(settings: OptimizerSettings): Optimizer {
  const { optim = "adamw", weightDecay, momentum, parameterGroups = [] } = settings;
  const { adamBeta1: beta1, adamBeta2: beta2, adamEpsilon: epsilon } = settings;
  const groups = [...parameterGroups, UNDECAYED];
  switch (optim) {
    case "adamw":
    case "adamw_torch":
      return adamw({ beta1, beta2, epsilon, weightDecay, groups });
    case "adam":
      return adam({ beta1, beta2, epsilon, weightDecay, groups });
    case "lion":
    case "lion_32bit":
      return lion({ beta1, beta2, weightDecay, groups });
    case "sgd":
      return sgd({ momentum, weightDecay, groups });
    default:
      throw new RangeError(`train: "optim" must be "adamw", "adam", "sgd" or "lion", got ${describe(optim)}`);
  }
}
