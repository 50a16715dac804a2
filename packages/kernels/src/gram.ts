import { type Matrix, matrix, requireMatrix, rowMajor } from "@colm/array";
import { requireFloat32 } from "./require-float32.ts";
import type { Sums } from "./sums.ts";

/** `gram` on one back end. */
export function createGram(sums: Sums): (points: Matrix) => Promise<Matrix> {
  return async (points) => {
    requireMatrix("gram", "points", points);
    const [size, cols] = points.shape;
    const out = await sums.pairs("product", rowMajor(points), size, cols);
    requireFloat32("gram", "points", out, size);
    return matrix(out, size, size);
  };
}
