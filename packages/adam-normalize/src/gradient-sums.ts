import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import { gradientBlocks } from "./gradient-blocks.ts";
import { BLOCK } from "./row-blocks.ts";
import { simdGradientSums } from "./simd/gradient-sums.ts";

/** Writes the sums of `g_ij` and of `g_ij^2` over the selected rows, for columns `start .. start + length - 1`. */
export type GradientSums = (start: number, length: number, sum: Float64Array, squares: Float64Array) => void;

/** The sums by WebAssembly for directional gradients where the platform has it, else by plain arrays, the same bits. */
export function gradientSums(
  gradients: Matrix | DirectionalGradients,
  selected: ArrayLike<number>,
): GradientSums {
  const simd = "coefficients" in gradients ? simdGradientSums(gradients, selected) : undefined;
  return simd ?? plainGradientSums(gradients, selected);
}

export function plainGradientSums(
  gradients: Matrix | DirectionalGradients,
  selected: ArrayLike<number>,
): GradientSums {
  const blocks = gradientBlocks(gradients);
  const row = new Float64Array(BLOCK);
  return (start, length, sum, squares) => {
    blocks.load(start, length);
    sum.fill(0);
    squares.fill(0);
    for (let s = 0; s < selected.length; s++) {
      blocks.row(selected[s], row);
      for (let j = 0; j < length; j++) {
        sum[j] += row[j];
        squares[j] += row[j] * row[j];
      }
    }
  };
}
