import { type AdamRule, normalizeEntry, normalizeRowInPlace } from "./adam-rule.ts";
import type { AdamState } from "./adam-state.ts";
import { momentBlocks } from "./moment-blocks.ts";
import type { RowBlocks } from "./row-blocks.ts";

/** The blocks of `u`, computed from the blocks of the gradients and of the state's moments. */
export function normalizedBlocks(state: AdamState, gradients: RowBlocks, rule: AdamRule): RowBlocks {
  const { m, v, load } = momentBlocks(state);
  let columns = 0;
  return {
    rows: gradients.rows,
    dimension: gradients.dimension,
    load(start, length) {
      columns = length;
      gradients.load(start, length);
      load(start, length);
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
