import { type AdamNormalizer, type AdamState, requireStream } from "@colm/adam-normalize";
import { type Matrix, matrix, requireOptions } from "@colm/array";
import { type Gradients, sizeOf } from "./stream-problem.ts";
import type { Sums } from "./sums.ts";

/** Settings of `normalizedFeatures`. */
export interface StreamOptions {
  /** h, coordinates kept for each group, an integer in `[1, d]`. */
  readonly keep: number;
  /** A label for each row, integers in `[0, 65536)`; one group when absent. */
  readonly groups?: ArrayLike<number>;
  /** Whose beta1, beta2 and epsilon apply. */
  readonly normalizer: AdamNormalizer;
}

/** `normalizedFeatures` on one back end. */
export function createNormalizedFeatures(
  sums: Sums,
): (state: AdamState, gradients: Gradients, options: StreamOptions) => Promise<Matrix> {
  return async (state, gradients, options) => {
    requireOptions("normalizedFeatures", options);
    const { keep, normalizer } = options;
    const members = requireStream("normalizedFeatures", state, gradients, options);
    const { rows } = sizeOf(gradients);
    const groups = new Int32Array(rows);
    for (const [g, own] of members.filter(({ length }) => length > 0).entries()) {
      for (const row of own) groups[row] = g;
    }
    const data = await sums.features({ state, gradients, keep, groups, normalizer });
    return matrix(data, rows, keep);
  };
}
