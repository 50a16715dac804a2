import { type Matrix, matrix, requireOptions } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import type { AdamNormalizer } from "./adam-normalize.ts";
import { adamRule } from "./adam-rule.ts";
import type { AdamState } from "./adam-state.ts";
import { gatherCoordinates, largestMeans } from "./keep-largest.ts";
import { normalizedBlocks } from "./normalized-blocks.ts";
import { requireAmong } from "./require-among.ts";
import { requireStream } from "./require-stream.ts";

/**
 * The stream: `sparsify(normalizer.normalize(state, gradients), { keep, groups }).values`, bit for bit, without ever
 * holding `[n, d]`.
 *
 * @param state - The history. Only read.
 * @param gradients - `[n, d]`, stored or directional, within float32. Only read.
 * @param options - `keep`: h, an integer in `[1, d]`. `groups`: a label for each row, integers in `[0, 65536)`; one group when
 *   absent. `normalizer`: whose beta1, beta2 and epsilon apply. `among`: for each group with rows, at least h ascending coordinates in
 *   `[0, d)` to rank instead of all, where others are known to be lower.
 * @returns `[n, keep]`, float32, unitless, coordinates ascending; fresh. Rows of different groups hold different coordinates.
 * @throws {TypeError | RangeError} If an argument is outside its range.
 * @remarks Two passes over blocks of 1024 coordinates: one ranks, one gathers. Takes O(n d q) time (with
 *   `among` O(d q) draws, and O(n q) for each coordinate listed), and beside the result
 *   O(groups h + 1024 q + n q) memory. WebAssembly SIMD ranks where the platform has it, with the same bits. On one fixed
 *   direction `directionScalars` says the same in one column and O(n).
 * @example
 * const adam = adamNormalize({ beta1: 0 });
 * const g = matrix(Float32Array.of(4, -2, 1, 4, 2, 1), 2, 3);
 * normalizedFeatures(adam.init(3), g, { keep: 2, normalizer: adam }).data; // => [1, 1, 1, 1]
 */
export function normalizedFeatures(
  state: AdamState,
  gradients: Matrix | DirectionalGradients,
  options: {
    keep: number;
    groups?: ArrayLike<number>;
    normalizer: AdamNormalizer;
    among?: readonly Int32Array[];
  },
): Matrix {
  requireOptions("normalizedFeatures", options);
  const { keep, normalizer, among } = options;
  const members = requireStream("normalizedFeatures", state, gradients, options);
  const blocks = normalizedBlocks(state, gradients, adamRule(normalizer, state.step));
  const { rows } = blocks;
  if (among !== undefined) requireAmong("normalizedFeatures", among, members, keep, blocks.dimension);
  const coordinates = largestMeans(blocks, members, keep, among);
  const out = new Float32Array(rows * keep);
  gatherCoordinates(blocks, members, coordinates, keep, out);
  return matrix(out, rows, keep);
}
