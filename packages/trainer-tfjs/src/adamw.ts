import { check } from "./check-options.ts";
import { type Moments, type Optimizer, type OptimizerState, optimizerOf, type Slot } from "./optimizer.ts";
import { type ParameterGroup, parameterRules } from "./parameter-groups.ts";

/** Settings of {@link adamw} and {@link adam}, each with the default of Hugging Face's trainer. */
export interface AdamWOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment, above 0. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Weight decay, at least 0. Default 0. */
  readonly weightDecay?: number | undefined;
  /** Parameters with a decay or a rate of their own; the first that matches and gives one decides. Default none. */
  readonly groups?: readonly ParameterGroup[] | undefined;
}

/** What AdamW remembers: plain, serialisable, keyed by parameter name. */
export interface AdamWState extends OptimizerState {
  /** First moment of each parameter. */
  readonly m: Moments;
  /** Second moment of each parameter. */
  readonly v: Moments;
}

/** AdamW over names; made by {@link adamw}. */
export type AdamW = Optimizer<AdamWState>;

/**
 * AdamW, `p <- (1 - lr wd) p - lr m^ / (sqrt(v^) + eps)`, with moments kept by parameter NAME.
 *
 * @param options - The decay rates, epsilon and weight decay per unit of learning rate (unitless).
 * @returns `init` and `update`; both leave their arguments alone and return fresh arrays that the caller owns.
 * `update` throws a `RangeError` unless gradients, parameters and state carry the same names and lengths.
 * @throws {TypeError} If a setting is not a number.
 * @throws {RangeError} If a setting is outside its range.
 * @remarks Loshchilov & Hutter, "Decoupled Weight Decay Regularization" (2019), algorithm 2, in PyTorch's
 * order: decay first, then the step with bias-corrected moments. `update` takes O(d), stores float32 and
 * computes in float64. Names instead of positions: a list of parameters in another order gives the same result.
 * @example
 * const optimizer = adamw({ weightDecay: 0 });
 * const weights = new Map([["w", Float32Array.of(1, 2)]]);
 * const gradients = new Map([["w", Float32Array.of(0.5, -4)]]);
 * const next = optimizer.update(optimizer.init(weights), gradients, weights, 0.125);
 * Array.from(next.parameters.get("w") ?? []); // => [0.875, 2.125]
 */
export function adamw(options: AdamWOptions = {}): AdamW {
  return adamOf("adamw", options, true);
}

/**
 * Adam with the decay in the gradient, `g <- g + wd p`, `p <- p - lr m^ / (sqrt(v^) + eps)`.
 *
 * @param options - As for `adamw`; the decay enters the moments.
 * @returns `init` and `update`, as `adamw` returns.
 * @throws {TypeError | RangeError} As `adamw`.
 * @remarks Kingma & Ba, "Adam: A Method for Stochastic Optimization" (2015), algorithm 1; the decay as in PyTorch's `Adam`.
 * @example
 * const optimizer = adam();
 * const weights = new Map([["w", Float32Array.of(1, 2)]]);
 * const gradients = new Map([["w", Float32Array.of(0.5, -4)]]);
 * const next = optimizer.update(optimizer.init(weights), gradients, weights, 0.125);
 * Array.from(next.parameters.get("w") ?? []); // => [0.875, 2.125]
 */
export function adam(options: AdamWOptions = {}): AdamW {
  return adamOf("adam", options, false);
}

function adamOf(caller: string, options: AdamWOptions, decoupled: boolean): AdamW {
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0, groups = [] } = options;
  check(caller, "beta1", beta1, beta1 >= 0 && beta1 < 1, "a number in [0, 1)");
  check(caller, "beta2", beta2, beta2 >= 0 && beta2 < 1, "a number in [0, 1)");
  check(caller, "epsilon", epsilon, epsilon > 0 && epsilon < Infinity, "a finite number above 0");
  return optimizerOf<AdamWState>({
    caller,
    moments: ["m", "v"],
    rules: parameterRules(caller, weightDecay, groups),
    apply: (slot) => step(slot, beta1, beta2, epsilon, decoupled),
    state: (step, m, v) => ({ step, m, v }),
  });
}

function step(slot: Slot, beta1: number, beta2: number, epsilon: number, decoupled: boolean): void {
  const { rate, weightDecay, old, gradient, oldM, oldV, next, nextM, nextV } = slot;
  const stepSize = rate / (1 - beta1 ** slot.step);
  const correction = Math.sqrt(1 - beta2 ** slot.step);
  const keep = decoupled ? 1 - rate * weightDecay : 1;
  const coupled = decoupled ? 0 : weightDecay;
  for (let i = 0; i < old.length; i++) {
    const g = gradient[i] + coupled * old[i];
    nextM[i] = beta1 * oldM[i] + (1 - beta1) * g;
    nextV[i] = beta2 * oldV[i] + (1 - beta2) * g * g;
    next[i] = keep * old[i] - (stepSize * nextM[i]) / (Math.sqrt(nextV[i]) / correction + epsilon);
  }
}
