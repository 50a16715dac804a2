import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import type { AdamSettings } from "./adam-settings.ts";
import { type AdamState, type DenseAdamState, stateDimension } from "./adam-state.ts";
import { gradientSums } from "./gradient-sums.ts";
import { momentBlocks } from "./moment-blocks.ts";
import { requireRepresentable } from "./require-representable.ts";
import { BLOCK, forEachBlock } from "./row-blocks.ts";

/** The next state in full, `m_j = beta1 m_j + (1 - beta1) mean_i g_ij`, and v alike, over the selected rows, of which there is one at least. */
export function advanceDense(
  settings: AdamSettings,
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  selected: ArrayLike<number>,
): DenseAdamState {
  const { beta1, beta2 } = settings;
  const dimension = stateDimension(state);
  const sumsOf = gradientSums(gradients, selected);
  const [oldM, oldV] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
  const history = momentBlocks(state, oldM, oldV);
  const m = new Float32Array(dimension);
  const v = new Float32Array(dimension);
  const sum = new Float64Array(BLOCK);
  const squares = new Float64Array(BLOCK);
  forEachBlock(dimension, (start, length) => {
    history(start, length);
    sumsOf(start, length, sum, squares);
    for (let j = 0; j < length; j++) {
      m[start + j] = beta1 * oldM[j] + ((1 - beta1) * sum[j]) / selected.length;
      v[start + j] = beta2 * oldV[j] + ((1 - beta2) * squares[j]) / selected.length;
    }
  });
  requireRepresentable({ m, v });
  return { kind: "dense", step: state.step + 1, m, v };
}
