import { check, requireSameNames } from "./check-options.ts";

/** Named float32 arrays: parameters, their gradients or their moments, keyed by parameter name. */
export type NamedArrays = ReadonlyMap<string, Float32Array>;

/** Settings of {@link adamw}, each with the default of Hugging Face's trainer. */
export interface AdamWOptions {
  /** Decay of the first moment, in [0, 1). Default 0.9. */
  readonly beta1?: number | undefined;
  /** Decay of the second moment, in [0, 1). Default 0.999. */
  readonly beta2?: number | undefined;
  /** Added to the root of the second moment, above 0. Default 1e-8. */
  readonly epsilon?: number | undefined;
  /** Decoupled weight decay per unit of learning rate, at least 0. Default 0. */
  readonly weightDecay?: number | undefined;
}

/** What AdamW remembers: plain, serialisable, keyed by parameter name. */
export interface AdamWState {
  /** Updates made so far. */
  readonly step: number;
  /** First moment of each parameter. */
  readonly m: Readonly<Record<string, Float32Array>>;
  /** Second moment of each parameter. */
  readonly v: Readonly<Record<string, Float32Array>>;
}

/** AdamW over names; made by {@link adamw}. */
export interface AdamW {
  /** The state before the first update: zero moments for each parameter, named as in `parameters`. */
  init(parameters: NamedArrays): AdamWState;
  /** The parameters and the state after one update at `learningRate`. Everything returned is fresh. */
  update(
    state: AdamWState,
    gradients: NamedArrays,
    parameters: NamedArrays,
    learningRate: number,
  ): { readonly state: AdamWState; readonly parameters: Map<string, Float32Array> };
}

/**
 * AdamW, `p <- (1 - lr wd) p - lr m^ / (sqrt(v^) + eps)`, with moments kept by parameter NAME.
 *
 * @param options - The decay rates, epsilon and weight decay (unitless).
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
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8, weightDecay = 0 } = options;
  check("adamw", "beta1", beta1, beta1 >= 0 && beta1 < 1, "a number in [0, 1)");
  check("adamw", "beta2", beta2, beta2 >= 0 && beta2 < 1, "a number in [0, 1)");
  check("adamw", "epsilon", epsilon, epsilon > 0 && epsilon < Infinity, "a finite number above 0");
  check(
    "adamw",
    "weightDecay",
    weightDecay,
    weightDecay >= 0 && weightDecay < Infinity,
    "a finite number of at least 0",
  );

  return {
    init(parameters) {
      return { step: 0, m: zerosLike(parameters), v: zerosLike(parameters) };
    },
    update(state, gradients, parameters, learningRate) {
      check(
        "adamw.update",
        "learningRate",
        learningRate,
        learningRate >= 0 && learningRate < Infinity,
        "a finite number of at least 0",
      );
      const lengths = new Map([...parameters].map(([name, values]) => [name, values.length]));
      requireSameNames("adamw.update", "gradients", lengths, gradients);
      requireSameNames("adamw.update", "state.m", lengths, new Map(Object.entries(state.m)));
      requireSameNames("adamw.update", "state.v", lengths, new Map(Object.entries(state.v)));

      const step = state.step + 1;
      const stepSize = learningRate / (1 - beta1 ** step);
      const correction = Math.sqrt(1 - beta2 ** step);
      const keep = 1 - learningRate * weightDecay;
      const next = new Map<string, Float32Array>();
      const m: Record<string, Float32Array> = {};
      const v: Record<string, Float32Array> = {};
      for (const [name, old] of parameters) {
        const gradient = gradients.get(name) ?? old;
        const [oldM, oldV] = [state.m[name], state.v[name]];
        const values = new Float32Array(old.length);
        const newM = new Float32Array(old.length);
        const newV = new Float32Array(old.length);
        for (let i = 0; i < old.length; i++) {
          const g = gradient[i];
          newM[i] = beta1 * oldM[i] + (1 - beta1) * g;
          newV[i] = beta2 * oldV[i] + (1 - beta2) * g * g;
          values[i] = keep * old[i] - (stepSize * newM[i]) / (Math.sqrt(newV[i]) / correction + epsilon);
        }
        next.set(name, values);
        m[name] = newM;
        v[name] = newV;
      }
      return { state: { step, m, v }, parameters: next };
    },
  };
}

function zerosLike(parameters: NamedArrays): Record<string, Float32Array> {
  return Object.fromEntries([...parameters].map(([name, values]) => [name, new Float32Array(values.length)]));
}
