import { type AdamRule, normalizeEntry, normalizeRowInPlace } from "./adam-rule.ts";
import type { AdamState } from "./adam-state.ts";
import { momentBlocks } from "./moment-blocks.ts";
import type { RowBlocks } from "./row-blocks.ts";

/** The blocks of `u` row by row, computed from those of the gradients; the moments of the current block stand in `m` and `v`. */
export function normalizedRows(
  state: AdamState,
  gradients: RowBlocks,
  rule: AdamRule,
  m: Float64Array,
  v: Float64Array,
): RowBlocks {
  const moments = momentBlocks(state, m, v);
  let columns = 0;
  return {
    rows: gradients.rows,
    dimension: gradients.dimension,
    load(start, length) {
      columns = length;
      gradients.load(start, length);
      moments(start, length);
    },
    row(i, out) {
      gradients.row(i, out);
      normalizeRowInPlace(rule, m, v, out, columns);
    },
    at(i, j) {
      return normalizeEntry(rule, m[j], v[j], gradients.at(i, j));
    },
  };
}
