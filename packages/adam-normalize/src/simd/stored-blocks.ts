import type { Matrix } from "@colm/array";
import type { AdamRule } from "../adam-rule.ts";
import type { AdamState } from "../adam-state.ts";
import { type ColumnBlocks, columnsOf } from "../column-blocks.ts";
import { normalizedRows } from "../normalized-rows.ts";
import { BLOCK, matrixBlocks } from "../row-blocks.ts";
import { FIXED, ruleConstants } from "./fixed-memory.ts";
import { openWorkspace } from "./kernels.ts";

/** Bytes of a row of a block. */
const ROW = 8 * BLOCK;
/** Rows that are summed at a time. */
const ROWS = 16;
const [M, V, SUMS, GRADIENTS] = [0, 1, 2, 3].map((row) => FIXED + row * ROW);

/**
 * The blocks of `u` of stored gradients: means by the WebAssembly kernel, entries, of which only few are wanted, by plain arrays.
 * The bits are those of `plainBlocks`; undefined where the platform cannot.
 */
export function simdStoredBlocks(
  state: AdamState,
  gradients: Matrix,
  rule: AdamRule,
): ColumnBlocks | undefined {
  const workspace = openWorkspace(GRADIENTS + ROWS * ROW);
  if (workspace === undefined) return undefined;
  const { buffer, kernels } = workspace;
  new Float64Array(buffer, 0, 7).set(ruleConstants(rule));
  const [m, v, sums] = [M, V, SUMS].map((at) => new Float64Array(buffer, at, BLOCK));
  const copies = Array.from({ length: ROWS }, (_, r) => new Float64Array(buffer, GRADIENTS + r * ROW, BLOCK));
  const stored = matrixBlocks(gradients);
  const blocks = columnsOf(normalizedRows(state, stored, rule, m, v));
  let columns = 0;
  return {
    ...blocks,
    load(start, length) {
      columns = length;
      blocks.load(start, length);
    },
    scores(rows, out) {
      sums.fill(0);
      const width = Math.ceil(columns / 8) * 8;
      for (let r = 0; r < rows.length; r += ROWS) {
        const count = Math.min(ROWS, rows.length - r);
        for (let t = 0; t < count; t++) stored.row(rows[r + t], copies[t]);
        kernels.addNormalized(GRADIENTS, ROW, M, V, width, count, SUMS);
      }
      for (let j = 0; j < columns; j++) out[j] = Math.abs(sums[j] / rows.length);
    },
  };
}
