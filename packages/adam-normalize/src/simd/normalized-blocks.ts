import type { DirectionalGradients } from "@colm/spsa";
import type { AdamRule } from "../adam-rule.ts";
import type { AdamState } from "../adam-state.ts";
import type { ColumnBlocks } from "../column-blocks.ts";
import { momentBlocks } from "../moment-blocks.ts";
import { blockMemory, type Columns, SIDE, SIDE_ROWS } from "./block-memory.ts";

/** The blocks of `u` by the WebAssembly kernels, the bits of the plain ones; undefined where the platform cannot. */
export function simdBlocks(
  state: AdamState,
  gradients: DirectionalGradients,
  rule: AdamRule,
): ColumnBlocks | undefined {
  const memory = blockMemory(gradients, rule);
  if (memory === undefined) return undefined;
  const { kernels, block, side, buffer } = memory;
  const [rows, q] = gradients.coefficients.shape;
  const moments = momentBlocks(state, block.m, block.v);
  let begin = 0;
  let columns = 0;
  return {
    rows,
    dimension: gradients.dimension,
    load(start, length) {
      begin = start;
      columns = length;
      memory.load(start, length);
      moments(start, length);
    },
    scores(members, out) {
      const at = memory.run(kernels.normalizedScores, block, columns, members);
      out.set(new Float32Array(buffer, at, columns));
    },
    entries(members, coordinates, out, first, stride) {
      for (let a = 0; a < coordinates.length; a += SIDE) {
        const some = coordinates.subarray(a, a + SIDE);
        copyColumns(side, block, some, begin, q);
        const width = Math.ceil(some.length / 8) * 8;
        for (let r = 0; r < members.length; r += SIDE_ROWS) {
          const part = members.subarray(r, r + SIDE_ROWS);
          const at = memory.run(kernels.normalizedRows, side, width, part);
          const values = new Float32Array(buffer, at, part.length * width);
          for (let t = 0; t < part.length; t++) {
            const to = part[t] * stride + first + a;
            for (let c = 0; c < some.length; c++) out[to + c] = values[t * width + c];
          }
        }
      }
    },
  };
}

/** Copies some columns of a block, which begins at coordinate `begin`, to the front of `to`. */
function copyColumns(to: Columns, from: Columns, coordinates: Int32Array, begin: number, q: number): void {
  for (let a = 0; a < coordinates.length; a++) {
    const j = coordinates[a] - begin;
    to.m[a] = from.m[j];
    to.v[a] = from.v[j];
    for (let k = 0; k < q; k++) to.z[k * to.stride + a] = from.z[k * from.stride + j];
  }
}
