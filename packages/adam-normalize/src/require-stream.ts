import { type Matrix, requireOptions } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import type { AdamNormalizer } from "./adam-normalize.ts";
import { requireNormalizer } from "./adam-settings.ts";
import { type AdamState, requireState, stateDimension } from "./adam-state.ts";
import { groupRows } from "./group-rows.ts";
import { requireGradients } from "./require-gradients.ts";
import { requireKeep } from "./require-keep.ts";

/**
 * Requires what `normalizedFeatures` requires, for functions that do its work elsewhere.
 *
 * @param caller - Name of the public function that checks its arguments.
 * @param state - The history.
 * @param gradients - `[n, d]`, stored or directional.
 * @param options - `keep`, `groups` and `normalizer`.
 * @returns The rows of each group, ascending: entry g for label g, all rows in one without labels.
 * @throws {TypeError | RangeError} If an argument is outside its range.
 * @remarks O(n q) for directional gradients, O(n d) for stored ones.
 * @example
 * const adam = adamNormalize();
 * const g = matrix(new Float32Array(6), 2, 3);
 * requireStream("f", adam.init(3), g, { keep: 2, normalizer: adam }); // => [Int32Array [0, 1]]
 */
export function requireStream(
  caller: string,
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  options: { keep: number; groups?: ArrayLike<number>; normalizer: AdamNormalizer },
): Int32Array[] {
  requireOptions(caller, options);
  const { keep, groups, normalizer } = options;
  requireState(caller, state);
  const rows = requireGradients(caller, gradients, state);
  requireNormalizer(caller, normalizer);
  requireKeep(caller, keep, stateDimension(state));
  return groupRows(caller, groups, rows);
}
