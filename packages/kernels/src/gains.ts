import { type Matrix, requireMatrix, rowMajor } from "@colm/array";
import { requireFloat32 } from "./require-float32.ts";
import { requireFloat32Vector } from "./require-float32-vector.ts";
import type { Sums } from "./sums.ts";

/** `gains` on one back end. */
export function createGains(
  sums: Sums,
): (similarity: Matrix, cover: ArrayLike<number>) => Promise<Float32Array> {
  return async (similarity, cover) => {
    requireMatrix("gains", "similarity", similarity);
    const [points, candidates] = similarity.shape;
    requireFloat32Vector("gains", "cover", cover, points);
    const out = await sums.columns("rise", rowMajor(similarity), Float32Array.from(cover), candidates);
    requireFloat32("gains", "similarity", out, 1);
    return out;
  };
}
