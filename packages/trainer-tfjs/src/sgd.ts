import { check } from "./check-options.ts";
import { type Optimizer, type OptimizerState, optimizerOf } from "./optimizer.ts";
import { type ParameterGroup, parameterRules } from "./parameter-groups.ts";

/** Settings of {@link sgd}. */
export interface SgdOptions {
  /** Part of the last step that is taken again, in [0, 1). Default 0: no momentum, and nothing is remembered. */
  readonly momentum?: number | undefined;
  /** Weight decay, at least 0. Default 0. */
  readonly weightDecay?: number | undefined;
  /** Parameters with a decay or a rate of their own; the first that matches and gives one decides. Default none. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/**
 * Stochastic gradient descent, `m <- momentum m + g + wd p`, `p <- p - lr m`.
 *
 * @param options - Momentum and weight decay.
 * @returns `init` and `update`, as `adamw` returns; without momentum the state is the step number alone.
 * @throws {TypeError | RangeError} If a setting is not a number or out of range.
 * @remarks Robbins & Monro (1951); momentum after Polyak (1964) in PyTorch's form, in which the rate is outside of it. O(d).
 * @example
 * const optimizer = sgd({ momentum: 0.5 });
 * const gradients = new Map([["w", Float32Array.of(1)]]);
 * let parameters = new Map([["w", Float32Array.of(0)]]);
 * let state = optimizer.init(parameters);
 * for (let k = 0; k < 2; k++) ({ state, parameters } = optimizer.update(state, gradients, parameters, 0.5));
 * Array.from(parameters.get("w") ?? []); // => [-1.25]
 */
export function sgd(options: SgdOptions = {}): Optimizer<OptimizerState> {
  const { momentum = 0, weightDecay = 0, groups = [] } = options;
  check("sgd", "momentum", momentum, momentum >= 0 && momentum < 1, "a number in [0, 1)");
  const remembers = momentum > 0;
  return optimizerOf<OptimizerState>({
    caller: "sgd",
    moments: remembers ? ["m"] : [],
    rules: parameterRules("sgd", weightDecay, groups),
    apply({ rate, weightDecay: decay, old, gradient, oldM, next, nextM }) {
      for (let i = 0; i < old.length; i++) {
        const g = gradient[i] + decay * old[i];
        const move = remembers ? momentum * oldM[i] + g : g;
        if (remembers) nextM[i] = move;
        next[i] = old[i] - rate * move;
      }
    },
    state: (step, m) => (remembers ? { step, m } : { step }),
  });
}
