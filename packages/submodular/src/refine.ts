import {
  type ColumnReader,
  columnReader,
  type Matrix,
  requireFloat32,
  requireIndices,
  requireOptions,
} from "@colm/array";
import type { Abort } from "./abort.ts";
import { addInOrder } from "./add-in-order.ts";
import { cardinality } from "./cardinality.ts";
import { certify } from "./certificate.ts";
import { growFacility } from "./facility-evaluator.ts";
import { coversOf } from "./refine-covers.ts";
import type { Selection } from "./selection.ts";

/** Settings of {@link refine}. */
export interface RefineOptions {
  /** Looked at before each candidate; when aborted its reason is thrown. */
  readonly signal?: Abort;
}

/**
 * Swaps chosen candidates for others while `f(S) = sum_i max(0, max_{j in S} similarity[i, j])` grows, to a set
 * that no single swap improves: k-medoids from a given start.
 *
 * @param similarity - `[points, candidates]`, any strides; read as float32. Not kept.
 * @param indices - The start, distinct. Left alone.
 * @param options - A signal.
 * @returns As many candidates, each in the place of the one that it replaced; gains in that order; the value, never
 * below the start's; an upper bound for this number of candidates; and how many swaps were weighed.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is not finite in float32, or an index is out of range or repeated.
 * @remarks The rule of FasterPAM: Schubert & Rousseeuw, "Fast and eager k-medoids clustering" (2021): for each
 * candidate in turn the best chosen one to give up, swapped at once if that helps, until a whole round brings
 * nothing. O(points) for each candidate of a round, O(points k) for each swap. On `max(D) - D` it lowers the sum of
 * distances. A swap has to bring more than `2^-40` of the value, so that rounding cannot keep it going.
 * @example
 * const s = similarity(matrix(Float32Array.of(0, 1, 2, 10, 11, 12), 6, 1), { metric: "l1" });
 * refine(s, [0, 5]).indices; // => Int32Array [1, 4]
 */
export function refine(
  similarity: Matrix,
  indices: ArrayLike<number>,
  options: RefineOptions = {},
): Selection {
  requireFloat32("refine", "similarity", similarity);
  requireOptions("refine", options);
  const candidates = similarity.shape[1];
  requireIndices("refine", "indices", indices, candidates);
  const { signal } = options;
  const columns = columnReader(similarity);
  const medoids = Int32Array.from(indices);
  const certificate = certify(
    { monotone: true, submodular: true },
    cardinality(new Uint8Array(candidates).fill(1), medoids.length),
  );
  const gains = new Float64Array(candidates);
  // the look at all gains finds out as well whether columns may be read as rows
  growFacility(similarity, { columns }).gains?.(gains);
  certificate.tighten(0, gains);
  const evaluations = swap(similarity, columns, medoids, signal);

  const evaluator = growFacility(similarity, { columns });
  const ordered = addInOrder(evaluator, medoids);
  const value = evaluator.value ?? 0;
  evaluator.gains?.(gains);
  for (const medoid of medoids) gains[medoid] = 0;
  certificate.tighten(value, gains);
  return { indices: medoids, gains: ordered, value, upperBound: certificate.upperBound, evaluations };
}

/** Swaps until nothing helps; returns how many candidates were weighed. */
function swap(similarity: Matrix, columns: ColumnReader, medoids: Int32Array, signal?: Abort): number {
  const [points, candidates] = similarity.shape;
  const column = new Float32Array(points);
  const chosen = new Uint8Array(candidates);
  for (const medoid of medoids) chosen[medoid] = 1;
  const covers = coversOf(similarity, columns, medoids);
  let evaluations = 0;
  let idle = 0;
  for (let candidate = 0; medoids.length > 0 && idle < candidates; candidate = (candidate + 1) % candidates) {
    idle++;
    if (chosen[candidate] === 1) continue;
    signal?.throwIfAborted();
    columns.read(column, candidate);
    evaluations++;
    const { place, change } = covers.best(column);
    if (change <= covers.value * 2 ** -40) continue;
    chosen[medoids[place]] = 0;
    chosen[candidate] = 1;
    medoids[place] = candidate;
    covers.replace(place, column);
    idle = 0;
  }
  return evaluations;
}
