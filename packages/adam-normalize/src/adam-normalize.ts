import { type Matrix, matrix, requireIndices, requireNatural, requireOptions } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import { adamRule } from "./adam-rule.ts";
import { type AdamSettings, requireSettings } from "./adam-settings.ts";
import { type AdamState, requireState } from "./adam-state.ts";
import { advanceDense } from "./advance-dense.ts";
import { advanceFixedDirection, onFixedDirection } from "./fixed-direction.ts";
import { normalizedBlocks } from "./normalized-blocks.ts";
import { requireGradients } from "./require-gradients.ts";
import { forEachBlock } from "./row-blocks.ts";

/** Adam's view of per-example gradients: three functions and the settings they share. */
export interface AdamNormalizer extends AdamSettings {
  /**
   * The state before the first step: `step` 0, both moments zero.
   *
   * @param dimension - `d`, an integer of at least 1.
   * @returns A plain value. Zero moments need no vectors, so it holds none; `moments` gives them as vectors.
   */
  init(dimension: number): AdamState;
  /**
   * `u_i = (m_i / (1 - beta1^t)) / (sqrt(v_i / (1 - beta2^t)) + epsilon)` with `t = state.step + 1`,
   * `m_i = beta1 m + (1 - beta1) g_i`, `v_i = beta2 v + (1 - beta2) g_i^2`.
   *
   * @param state - The history. Only read.
   * @param gradients - `[n, d]`, stored or directional, within float32. Only read.
   * @returns `u`, `[n, d]`, float32, unitless; fresh. `normalizedFeatures` and `directionScalars` avoid its `n d` floats.
   */
  normalize(state: AdamState, gradients: Matrix | DirectionalGradients): Matrix;
  /**
   * The next state: `m = mean of m_i`, `v = mean of v_i` over the selected examples, `step` one more.
   *
   * @param state - The history. Only read.
   * @param gradients - `[n, d]`, stored or directional, within float32. Only read.
   * @param selected - Indices of the rows that count, distinct. None: the moments stay as they are, vectors being shared.
   * @returns The next state, `state` left as it is. As long as all gradients since `init` are multiples of one direction it holds two numbers;
   *   with others, two vectors of d float32.
   */
  advance(state: AdamState, gradients: Matrix | DirectionalGradients, selected: ArrayLike<number>): AdamState;
}

/**
 * Adam's normalisation of per-example gradients, `u_i = (m_i / (1 - beta1^t)) / (sqrt(v_i / (1 - beta2^t)) + epsilon)`,
 * with a history that advances by the selected examples alone.
 *
 * @param options - `beta1` in `[0, 1)`, default 0.9: decay of the first moment. `beta2` in `[0, 1)`, default 0.999:
 *   of the second. `epsilon` above 0, default 1e-8; far above 4e-23, the root of the smallest float32, below which second moments
 *   are stored as 0 and `u` may grow to `m / epsilon`, beyond float32 even.
 * @returns The functions, which keep nothing between calls.
 * @throws {TypeError | RangeError} If an option is outside its range; the functions throw for states they did not make,
 *   gradients that are not finite, beyond float32 or of another dimension, selected indices that are repeated or outside
 *   the rows, and moments beyond float32.
 * @remarks Kingma & Ba, "Adam" (2015), algorithm 1, for one example at a time as in Nguyen et al., "Mini-batch Coresets"
 *   (ICLR 2025), Eq. 8. Moments are stored in float32 and computed in float64. With one direction z for the whole run
 *   (`q = 1`, not fresh) they are `m z` and `v z^2`, and `advance` takes O(n) time and memory, whatever d is.
 *   Otherwise `normalize` takes O(n d q), `advance` O(selected d q). Nothing here touches the optimizer that trains.
 * @example
 * const adam = adamNormalize({ beta1: 0, beta2: 0 });
 * const state = adam.init(3);
 * const g = matrix(Float32Array.of(4, -2, 0.5, -1, 1, 8), 2, 3);
 * adam.normalize(state, g).data; // => [1, -1, 1, -1, 1, 1]
 * moments(adam.advance(state, g, [0])).m; // => [4, -2, 0.5]
 */
export function adamNormalize(
  options: { beta1?: number; beta2?: number; epsilon?: number } = {},
): AdamNormalizer {
  requireOptions("adamNormalize", options);
  const { beta1 = 0.9, beta2 = 0.999, epsilon = 1e-8 } = options;
  const settings = { beta1, beta2, epsilon };
  requireSettings("adamNormalize", settings);
  return {
    ...settings,
    init(dimension) {
      requireNatural("init", "dimension", dimension);
      if (dimension === 0) throw new RangeError('init: "dimension" must be at least 1, got 0');
      return { kind: "fixed-direction", step: 0, dimension, m: 0, v: 0, direction: null };
    },
    normalize(state, gradients) {
      requireState("normalize", state);
      requireGradients("normalize", gradients, state);
      const blocks = normalizedBlocks(state, gradients, adamRule(settings, state.step));
      const { rows, dimension } = blocks;
      const u = new Float32Array(rows * dimension);
      const all = Int32Array.from({ length: rows }, (_, i) => i);
      forEachBlock(dimension, (start, length) => {
        blocks.load(start, length);
        const coordinates = Int32Array.from({ length }, (_, j) => start + j);
        blocks.entries(all, coordinates, u, start, dimension);
      });
      return matrix(u, rows, dimension);
    },
    advance(state, gradients, selected) {
      requireState("advance", state);
      const rows = requireGradients("advance", gradients, state);
      requireIndices("advance", "selected", selected, rows);
      if (selected.length === 0) return { ...state, step: state.step + 1 };
      const fixed = onFixedDirection(state, gradients);
      return fixed === undefined
        ? advanceDense(settings, state, gradients, selected)
        : advanceFixedDirection(settings, fixed.state, fixed.gradients, selected);
    },
  };
}
