import {
  columnReader,
  isSparse,
  type Matrix,
  requireFloat32,
  requireSparse,
  requireSquare,
  requireWeights,
  type SparseMatrix,
  scaleRows,
  transposeSparse,
  withinGroups,
  wrongValue,
} from "@colm/array";
import { addAll, defineSetFunction } from "./define-set-function.ts";
import { type FacilityParts, growFacility } from "./facility-evaluator.ts";
import type { SubmodularFunction } from "./set-function.ts";
import { growSparse } from "./sparse-evaluator.ts";

/** Settings of {@link facilityLocation}. */
export interface FacilityLocationOptions {
  /** Weight of each point, at least 0; 1 by default. The similarities are copied, scaled by it. */
  readonly weights?: ArrayLike<number>;
  /**
   * Group of each point, integers from 0: a candidate represents points of its own group only. For a dense square
   * matrix; its entries within groups are copied.
   */
  readonly groups?: ArrayLike<number>;
}

const caller = "facilityLocation";

/**
 * Facility location, `f(S) = sum_i weights[i] max(0, max_{j in S} similarity[i, j])`, `f({}) = 0`.
 *
 * @param similarity - `[points, candidates]`, unitless, dense or sparse: how well candidate `j` represents point `i`;
 * negative entries never count. Any strides. Read as float32, kept, never copied (unless an option says so): leave
 * it unchanged while in use.
 * @param options - Weights of points and groups.
 * @returns A monotone submodular function on `candidates` items.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is not finite in float32, a weight is negative or takes one there, groups do not fit, or the parts of a sparse
 * matrix do not.
 * @remarks Krause & Golovin, "Submodular Function Maximization" (2014), sec. 1.1. Gains are float64 sums, from
 * the last point to the first, of float32 differences. `gain` takes O(points). An evaluator that was asked for
 * `gains` keeps them all, and `add` corrects them only for points whose cover rises: O(candidates) for each. On a
 * sparse matrix each takes the entries of a column and of a row instead.
 * @example
 * const f = facilityLocation(matrix(Float32Array.of(1, 0.5, 0.5, 1), 2, 2));
 * f.value([0]); // => 1.5
 */
export function facilityLocation(
  similarity: Matrix | SparseMatrix,
  options: FacilityLocationOptions = {},
): SubmodularFunction {
  const { weights, groups } = options;
  if (isSparse(similarity)) {
    requireSparse(caller, "similarity", similarity);
    if (groups !== undefined)
      throw wrongValue(caller, "groups", "be absent for a sparse matrix", groups.length);
  } else requireFloat32(caller, "similarity", similarity);
  if (weights !== undefined) requireWeights(caller, "weights", weights, similarity.shape[0]);
  const scaled = weights ? scaleRows(similarity, weights, caller) : similarity;
  if (isSparse(scaled)) return sparseFacility(scaled);
  if (groups === undefined) return denseFacility(scaled);
  requireSquare(caller, "similarity", scaled);
  return sparseFacility(withinGroups(caller, scaled, groups));
}

/** The same on a dense matrix without a check, which may have parts of its evaluators given. */
export function denseFacility(similarity: Matrix, parts: FacilityParts = {}): SubmodularFunction {
  const { columns = columnReader(similarity) } = parts;
  return defineSetFunction({
    caller,
    size: similarity.shape[1],
    monotone: true,
    submodular: true,
    value: (set) => coverOf(similarity, set),
    grow: () => growFacility(similarity, { ...parts, columns }),
  });
}

function sparseFacility(byRow: SparseMatrix): SubmodularFunction {
  const byColumn = transposeSparse(byRow);
  const grow = (): ReturnType<typeof growSparse> => growSparse(byRow, byColumn);
  return defineSetFunction({
    caller,
    size: byRow.shape[1],
    monotone: true,
    submodular: true,
    value: (set) => addAll(grow(), set).value,
    grow,
  });
}

/** `sum_i max(0, max_{j in set} similarity[i, j])`. */
function coverOf(similarity: Matrix, set: ArrayLike<number>): number {
  const { data, offset } = similarity;
  const [rowStride, colStride] = similarity.stride;
  let total = 0;
  for (let i = similarity.shape[0] - 1; i >= 0; i--) {
    let best = 0;
    for (let t = 0; t < set.length; t++) {
      best = Math.max(best, Math.fround(data[offset + i * rowStride + set[t] * colStride]));
    }
    total += best;
  }
  return total;
}
