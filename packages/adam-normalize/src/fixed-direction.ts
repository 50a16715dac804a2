import { type Matrix, matrix, requireOptions, wrongKind } from "@colm/array";
import { type DirectionalGradients, sameDirections } from "@colm/spsa";
import type { AdamNormalizer } from "./adam-normalize.ts";
import { adamRule, normalizeEntry } from "./adam-rule.ts";
import { type AdamSettings, requireNormalizer } from "./adam-settings.ts";
import { type AdamState, type FixedDirectionAdamState, moments, requireState } from "./adam-state.ts";
import { requireGradients } from "./require-gradients.ts";
import { requireRepresentable } from "./require-representable.ts";

/**
 * Whether these gradients and the whole history are multiples of one direction, `g_i = c_i z`, `m = a z`, `v = w z^2`:
 * then `directionScalars` says all there is to say about `u`.
 *
 * @param state - The history; only read.
 * @param gradients - Stored or directional; only read.
 * @returns True for directional gradients with `q = 1` on the state's direction, or on any while its moments are 0.
 * @throws {TypeError} If an argument is no object; nothing else of them is checked.
 * @example
 * const g = { coefficients: matrix(Float32Array.of(2, -4), 2, 1), dimension: 3, seed: 1, step: 0 };
 * isFixedDirection(adamNormalize().init(3), g); // => true
 */
export function isFixedDirection(state: AdamState, gradients: Matrix | DirectionalGradients): boolean {
  for (const [name, value] of Object.entries({ state, gradients })) {
    if (typeof value !== "object" || value === null) {
      throw wrongKind("isFixedDirection", name, "be an object", value);
    }
  }
  return onFixedDirection(state, gradients) !== undefined;
}

/** State and gradients once more, known to share one direction; undefined when they do not. */
export function onFixedDirection(
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
): { state: FixedDirectionAdamState; gradients: DirectionalGradients } | undefined {
  if (!("coefficients" in gradients) || gradients.coefficients.shape[1] !== 1) return undefined;
  if (state.kind !== "fixed-direction" || state.dimension !== gradients.dimension) return undefined;
  const shared = state.direction === null || sameDirections(state.direction, gradients);
  return shared ? { state, gradients } : undefined;
}

/**
 * The closed form of `u` on one direction, `u_ij = r_i sign(z_j)`:
 * `r_i = ((beta1 a + (1 - beta1) c_i) / (1 - beta1^t)) / (sqrt((beta2 w + (1 - beta2) c_i^2) / (1 - beta2^t)) + epsilon)`.
 *
 * @param state - The history, `m = a z` and `v = w z^2`. Only read.
 * @param gradients - `g_i = c_i z`: directional, `q = 1`, on the state's direction. Only read.
 * @param options - `normalizer`: whose beta1, beta2 and epsilon apply.
 * @returns `r`, `[n, 1]`, float32, unitless; fresh.
 * @throws {TypeError | RangeError} If an argument is outside its range, or state and gradients do not share one
 *   direction; `isFixedDirection` tells beforehand.
 * @remarks O(n) time and memory, whatever d is; z is not drawn. With h kept coordinates the L1 distance of two rows of `u` is
 *   `h |r_i - r_k|`, the L2 distance `sqrt(h) |r_i - r_k|`: one column selects as all of them. Deviation: exactly, `epsilon`
 *   is divided by `|z_j|`, so `u_ij` lies below by the share `epsilon / (sqrt(v_i) |z_j|)`; `normalize` and
 *   `normalizedFeatures` compute that. It shows only where the root of the second moment comes near epsilon:
 *   against the golden pipelines of the reference implementation r agrees to 6e-5, and to 4e-3 at those first steps
 *   where a loss difference is so near 0 that their own spread over coordinates exceeds 1e-3.
 * @example
 * const adam = adamNormalize();
 * const g = { coefficients: matrix(Float32Array.of(2, -4), 2, 1), dimension: 327680, seed: 1, step: 0 };
 * directionScalars(adam.init(327680), g, { normalizer: adam }).data; // => [1, -1]
 */
export function directionScalars(
  state: AdamState,
  gradients: DirectionalGradients,
  options: { normalizer: AdamNormalizer },
): Matrix {
  requireOptions("directionScalars", options);
  requireState("directionScalars", state);
  const rows = requireGradients("directionScalars", gradients, state);
  const fixed = onFixedDirection(state, gradients);
  if (fixed === undefined) {
    const drawn = `seed ${gradients.seed}, step ${gradients.step}, ${gradients.coefficients?.shape[1]} directions`;
    throw new RangeError(
      `directionScalars: "gradients" must have one direction, that of the state (else use normalizedFeatures), got ${drawn}`,
    );
  }
  requireNormalizer("directionScalars", options.normalizer);
  const rule = adamRule(options.normalizer, state.step);
  const { m, v } = fixed.state;
  const c = coefficientReader(fixed.gradients);
  return matrix(
    Float32Array.from({ length: rows }, (_, i) => normalizeEntry(rule, m, v, c(i))),
    rows,
    1,
  );
}

/** The next state on one direction, `a = beta1 a + (1 - beta1) mean_i c_i`, `w = beta2 w + (1 - beta2) mean_i c_i^2`. */
export function advanceFixedDirection(
  settings: AdamSettings,
  state: FixedDirectionAdamState,
  gradients: DirectionalGradients,
  selected: ArrayLike<number>,
): FixedDirectionAdamState {
  const { beta1, beta2 } = settings;
  const c = coefficientReader(gradients);
  let sum = 0;
  let squares = 0;
  for (let s = 0; s < selected.length; s++) {
    sum += c(selected[s]);
    squares += c(selected[s]) ** 2;
  }
  const { dimension, seed, step, fresh = false } = gradients;
  const next: FixedDirectionAdamState = {
    kind: "fixed-direction",
    step: state.step + 1,
    dimension,
    m: beta1 * state.m + ((1 - beta1) * sum) / selected.length,
    v: beta2 * state.v + ((1 - beta2) * squares) / selected.length,
    direction: { dimension, seed, step, fresh },
  };
  // the factors tell unless they come near the end of float32; then the vectors do
  const isNear = Math.abs(next.m) * LARGEST > FLOAT32 || next.v * LARGEST ** 2 > FLOAT32;
  if (isNear) requireRepresentable(moments(next));
  return next;
}

/** No entry of a direction is larger. */
const LARGEST = 7;
/** The largest float32. */
const FLOAT32 = (2 - 2 ** -23) * 2 ** 127;

function coefficientReader(gradients: DirectionalGradients): (i: number) => number {
  const { data, stride, offset } = gradients.coefficients;
  return (i) => data[offset + i * stride[0]];
}
