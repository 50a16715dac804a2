import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import { type AdamRule, normalizeEntry, normalizeRowInPlace } from "./adam-rule.ts";
import type { AdamState } from "./adam-state.ts";
import { type ColumnBlocks, columnsOf } from "./column-blocks.ts";
import { gradientBlocks } from "./gradient-blocks.ts";
import { momentBlocks } from "./moment-blocks.ts";
import { BLOCK } from "./row-blocks.ts";
import { simdBlocks } from "./simd/normalized-blocks.ts";

/** The blocks of `u`: by WebAssembly for directional gradients where the platform has it, else by plain arrays, the same bits. */
export function normalizedBlocks(
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  rule: AdamRule,
): ColumnBlocks {
  const simd = "coefficients" in gradients ? simdBlocks(state, gradients, rule) : undefined;
  return simd ?? plainBlocks(state, gradients, rule);
}

/** The blocks of `u`, computed from the blocks of the gradients and of the state's moments. */
export function plainBlocks(
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  rule: AdamRule,
): ColumnBlocks {
  const [m, v] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
  const blocks = gradientBlocks(gradients);
  const moments = momentBlocks(state, m, v);
  let columns = 0;
  return columnsOf({
    rows: blocks.rows,
    dimension: blocks.dimension,
    load(start, length) {
      columns = length;
      blocks.load(start, length);
      moments(start, length);
    },
    row(i, out) {
      blocks.row(i, out);
      normalizeRowInPlace(rule, m, v, out, columns);
    },
    at(i, j) {
      return normalizeEntry(rule, m[j], v[j], blocks.at(i, j));
    },
  });
}
