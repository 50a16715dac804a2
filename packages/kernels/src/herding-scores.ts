import { type Matrix, requireIndices, requireMatrix, requireOptions, rowMajor } from "@colm/array";
import { requireFloat32 } from "./require-float32.ts";
import { requireFloat32Vector } from "./require-float32-vector.ts";
import type { Sums } from "./sums.ts";

/** `herdingScores` on one back end. */
export function createHerdingScores(
  sums: Sums,
): (
  gram: Matrix,
  chosen: ArrayLike<number>,
  options?: { target?: ArrayLike<number> },
) => Promise<Float32Array> {
  return async (gram, chosen, options = {}) => {
    requireMatrix("herdingScores", "gram", gram);
    requireOptions("herdingScores", options);
    const { target } = options;
    const [size, cols] = gram.shape;
    if (size !== cols) {
      throw new RangeError(`herdingScores: "gram" must be square, got ${size} x ${cols}`);
    }
    requireIndices("herdingScores", "chosen", chosen, size);
    if (target !== undefined) requireFloat32Vector("herdingScores", "target", target, size);
    const c = herdingCoefficients(size, chosen, target);
    const k = rowMajor(gram);
    const along = await sums.columns("weighted", k, Float32Array.from(c), size);
    requireFloat32("herdingScores", "gram", along, 1);
    const diagonal = Float64Array.from({ length: size }, (_, i) => k[i * size + i]);
    return herdingScoresFrom(c, along, diagonal, chosen.length + 1);
  };
}

/** The mean with x_i stands off the target by `sum_j c_j x_j + x_i / m`, m one more than were chosen. */
export function herdingCoefficients(
  size: number,
  chosen: ArrayLike<number>,
  target: ArrayLike<number> | undefined,
): Float64Array {
  const c = Float64Array.from({ length: size }, (_, i) => -(target?.[i] ?? 1 / size));
  for (let t = 0; t < chosen.length; t++) c[chosen[t]] += 1 / (chosen.length + 1);
  return c;
}

/** The squares of those, `along` the scalar products of `sum_j c_j x_j` with each point, `diagonal` those with themselves. */
export function herdingScoresFrom(
  c: Float64Array,
  along: Float32Array,
  diagonal: ArrayLike<number>,
  m: number,
): Float32Array {
  let constant = 0;
  for (let i = 0; i < c.length; i++) constant += c[i] * along[i];
  return Float32Array.from(along, (value, i) => constant + (2 * value + diagonal[i] / m) / m);
}
