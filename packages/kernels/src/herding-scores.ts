import { type Matrix, requireIndices, requireMatrix, requireVector, rowMajor } from "@colm/array";
import { requireFloat32 } from "./require-float32.ts";
import type { Sums } from "./sums.ts";

/** `herdingScores` on one back end. */
export function createHerdingScores(
  sums: Sums,
): (
  gram: Matrix,
  chosen: ArrayLike<number>,
  options?: { target?: ArrayLike<number> },
) => Promise<Float32Array> {
  return async (gram, chosen, { target } = {}) => {
    requireMatrix("herdingScores", "gram", gram);
    const [size, cols] = gram.shape;
    if (size !== cols) {
      throw new RangeError(`herdingScores: "gram" must be square, got ${size} x ${cols}`);
    }
    requireIndices("herdingScores", "chosen", chosen, size);
    if (target !== undefined) requireVector("herdingScores", "target", target, size);
    const count = chosen.length + 1;
    // the mean with x_i stands off the target by sum_j c_j x_j + x_i / count
    const c = Float64Array.from({ length: size }, (_, i) => -(target?.[i] ?? 1 / size));
    for (let t = 0; t < chosen.length; t++) c[chosen[t]] += 1 / count;
    const k = rowMajor(gram);
    const along = await sums.columns("weighted", k, Float32Array.from(c), size);
    requireFloat32("herdingScores", "gram", along, 1);
    let constant = 0;
    for (let i = 0; i < size; i++) constant += c[i] * along[i];
    return Float32Array.from(along, (value, i) => constant + (2 * value + k[i * size + i] / count) / count);
  };
}
