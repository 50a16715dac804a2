import { addLora, trainableVariables } from "@colm/lm-tfjs";
import type * as tf from "@tensorflow/tfjs-core";
import { adamw } from "./adamw.ts";
import { assignAll, floatData } from "./float-data.ts";
import { makeSelector } from "./make-selector.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { RunIdentity, RunState } from "./run-state.ts";
import type { StepSetting } from "./train-step.ts";
import { type TrainingSources, trainingSources } from "./training-sources.ts";

/** A run ready for its next update. */
export interface PreparedRun {
  readonly setting: StepSetting;
  readonly state: RunState;
  readonly identity: RunIdentity;
  readonly sources: TrainingSources;
  /** The model's trainable variables, by name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
}

/** Adds the adapter, makes selector and optimizer, and restores a checkpoint where one is named. */
export async function prepareRun(options: ResolvedOptions): Promise<PreparedRun> {
  const { model, seed, pool, budget, method, maxSteps, trainDataset } = options;
  const sources = await trainingSources(trainDataset, options.smallSources);
  const selector = makeSelector(options, sources.small);
  const optimizer = makeOptimizer(options);
  addAdapter(options);
  const variables = trainableVariables(model);
  if (variables.size === 0) {
    throw new RangeError(
      'train: "model" must have trainable parameters, got none: give loraRank or call setTrainable',
    );
  }
  const parameters = await floatData(variables);
  const identity = { seed, pool, budget, method, maxSteps, examples: trainDataset.length };
  const first = { step: 0, parameters, optimizer: optimizer.init(parameters), selector: selector.init() };
  const setting = { options, selector, optimizer, sources: sources.ids };
  if (options.resumeFromCheckpoint === undefined) {
    return { setting, state: first, identity, sources, variables };
  }
  const { readCheckpoint } = await import("./checkpoint.ts");
  const state = await readCheckpoint(options.resumeFromCheckpoint, parameters, identity);
  assignAll(variables, state.parameters);
  return { setting, state, identity, sources, variables };
}

function makeOptimizer(options: ResolvedOptions): StepSetting["optimizer"] {
  const { adamBeta1, adamBeta2, adamEpsilon, weightDecay } = options;
  return adamw({ beta1: adamBeta1, beta2: adamBeta2, epsilon: adamEpsilon, weightDecay });
}

function addAdapter({ model, seed, loraRank, loraAlpha, loraTargetModules }: ResolvedOptions): void {
  if (loraRank === undefined) return;
  const targets = [...(loraTargetModules ?? ["q_proj", "k_proj", "v_proj", "o_proj"])];
  addLora(model, { rank: loraRank, alpha: loraAlpha ?? 4 * loraRank, targets, seed });
}
