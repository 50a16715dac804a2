import { check } from "./check-options.ts";
import { type Moments, type Optimizer, type OptimizerState, optimizerOf } from "./optimizer.ts";
import { type ParameterGroup, parameterRules } from "./parameter-groups.ts";

/** Settings of {@link lion}. */
export interface LionOptions {
  /** Part of the momentum in the direction, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the momentum, in [0, 1). Default 0.99. */
  readonly beta2?: number | undefined;
  /** Decoupled weight decay per unit of learning rate, at least 0. Default 0. */
  readonly weightDecay?: number | undefined;
  /** Parameters with a decay or a rate of their own; the first that matches and gives one decides. Default none. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/** What Lion remembers. */
export interface LionState extends OptimizerState {
  readonly m: Moments;
}

/**
 * Lion, `p <- (1 - lr wd) p - lr sign(beta1 m + (1 - beta1) g)`, `m <- beta2 m + (1 - beta2) g`.
 *
 * @param options - The decay rates and weight decay.
 * @returns `init` and `update`, as `adamw` returns; one array per parameter is remembered, half of AdamW's.
 * @throws {TypeError | RangeError} If a setting is not a number or out of range.
 * @remarks Chen et al., "Symbolic Discovery of Optimization Algorithms" (2023), algorithm 2. Every coordinate moves by the rate,
 * so the rate is 3 to 10 times smaller than AdamW's. O(d).
 * @example
 * const optimizer = lion();
 * const weights = new Map([["w", Float32Array.of(1, 2)]]);
 * const gradients = new Map([["w", Float32Array.of(0.5, -4)]]);
 * const next = optimizer.update(optimizer.init(weights), gradients, weights, 0.125);
 * Array.from(next.parameters.get("w") ?? []); // => [0.875, 2.125]
 */
export function lion(options: LionOptions = {}): Optimizer<LionState> {
  const { beta1 = 0.9, beta2 = 0.99, weightDecay = 0, groups = [] } = options;
  check("lion", "beta1", beta1, beta1 >= 0 && beta1 < 1, "a number in [0, 1)");
  check("lion", "beta2", beta2, beta2 >= 0 && beta2 < 1, "a number in [0, 1)");
  return optimizerOf<LionState>({
    caller: "lion",
    moments: ["m"],
    rules: parameterRules("lion", weightDecay, groups),
    apply({ rate, weightDecay: decay, old, gradient, oldM, next, nextM }) {
      const keep = 1 - rate * decay;
      for (let i = 0; i < old.length; i++) {
        const g = gradient[i];
        const direction = beta1 * oldM[i] + (1 - beta1) * g;
        // its sign without a branch that would be taken at random
        const sign = direction === 0 ? 0 : direction / Math.abs(direction);
        next[i] = keep * old[i] - rate * sign;
        nextM[i] = beta2 * oldM[i] + (1 - beta2) * g;
      }
    },
    state: (step, m) => ({ step, m }),
  });
}
