import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import type { AdamSettings } from "./adam-settings.ts";
import type { AdamState, DenseAdamState } from "./adam-state.ts";
import { gradientBlocks } from "./gradient-blocks.ts";
import { momentBlocks } from "./moment-blocks.ts";
import { BLOCK, forEachBlock } from "./row-blocks.ts";

/** The next state in full, `m_j = beta1 m_j + (1 - beta1) mean_i g_ij`, and v alike, over the selected rows, of which there is one at least. */
export function advanceDense(
  settings: AdamSettings,
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  selected: ArrayLike<number>,
): DenseAdamState {
  const { beta1, beta2 } = settings;
  const blocks = gradientBlocks(gradients);
  const history = momentBlocks(state);
  const m = new Float32Array(blocks.dimension);
  const v = new Float32Array(blocks.dimension);
  const row = new Float64Array(BLOCK);
  const sum = new Float64Array(BLOCK);
  const squares = new Float64Array(BLOCK);
  forEachBlock(blocks.dimension, (start, length) => {
    blocks.load(start, length);
    history.load(start, length);
    sum.fill(0);
    squares.fill(0);
    for (let s = 0; s < selected.length; s++) {
      blocks.row(selected[s], row);
      for (let j = 0; j < length; j++) {
        sum[j] += row[j];
        squares[j] += row[j] * row[j];
      }
    }
    for (let j = 0; j < length; j++) {
      m[start + j] = beta1 * history.m[j] + ((1 - beta1) * sum[j]) / selected.length;
      v[start + j] = beta2 * history.v[j] + ((1 - beta2) * squares[j]) / selected.length;
    }
  });
  requireRepresentable("m", m);
  requireRepresentable("v", v);
  return { kind: "dense", step: state.step + 1, m, v };
}

function requireRepresentable(name: string, moment: Float32Array): void {
  const at = moment.findIndex((x) => !Number.isFinite(x));
  if (at >= 0) {
    throw new RangeError(
      `advance: "gradients" must keep the moments within float32, got ${name} = ${moment[at]} at ${at}`,
    );
  }
}
