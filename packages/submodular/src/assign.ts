import { type Matrix, requireFloat32, requireIndices, wrongValue } from "@colm/array";

/** Who represents each point, and how many points each chosen candidate represents. */
export interface Assignment {
  /** `nearest[i]` is the position in `indices` of the candidate that represents point `i`. */
  nearest: Int32Array;
  /** `sizes[t]` is the number of points that `indices[t]` represents. They sum to the number of points. */
  sizes: Int32Array;
}

/**
 * Assigns every point to its most similar chosen candidate, `nearest[i] = argmax_t similarity[i, indices[t]]`;
 * a chosen point of a square matrix belongs to itself.
 *
 * @param similarity - `[points, candidates]`, any strides, read as float32; when square, candidate `j` is point `j`. Not kept.
 * @param indices - The chosen candidates, distinct, at least one where there are points.
 * @returns Positions in `indices` and cluster sizes; fresh. The earliest position wins a tie.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is not finite in float32, or an index is out of range, repeated or missing.
 * @remarks O(points * indices). Points that are compared as candidates of a rectangular matrix stand for
 * nothing but themselves there, so no point is fixed.
 * @example
 * const s = matrix(Float32Array.of(2, 1, 0, 1, 2, 1, 0, 1, 2), 3, 3);
 * assign(s, [2, 0]).sizes; // => Int32Array [2, 1]
 */
export function assign(similarity: Matrix, indices: ArrayLike<number>): Assignment {
  requireFloat32("assign", "similarity", similarity);
  const [points, candidates] = similarity.shape;
  requireIndices("assign", "indices", indices, candidates);
  if (points > 0 && indices.length === 0) {
    throw wrongValue("assign", "indices", `hold at least one candidate for ${points} points`, 0);
  }
  return nearestOf(similarity, indices);
}

/** The same without a check. */
export function nearestOf(similarity: Matrix, indices: ArrayLike<number>): Assignment {
  const [points, candidates] = similarity.shape;
  const { data, offset } = similarity;
  const [rowStride, colStride] = similarity.stride;
  const nearest = new Int32Array(points);
  for (let i = 0; i < points; i++) {
    let best = Number.NEGATIVE_INFINITY;
    for (let t = 0; t < indices.length; t++) {
      const s = Math.fround(data[offset + i * rowStride + indices[t] * colStride]);
      if (s <= best) continue;
      best = s;
      nearest[i] = t;
    }
  }
  if (points === candidates) for (let t = 0; t < indices.length; t++) nearest[indices[t]] = t;
  const sizes = new Int32Array(indices.length);
  for (const t of nearest) sizes[t]++;
  return { nearest, sizes };
}
