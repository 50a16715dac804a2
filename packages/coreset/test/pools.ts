import { type Matrix, matrix, normal } from "@colm/array";
import { createSelector, type Pool, type SelectorOptions } from "../src/index.ts";

/** `[rows, cols]` of normal draws rounded to sixteenths: sums and products of a few of them are exact. */
export function sixteenths(rows: number, cols: number, seed: number): Matrix {
  const data = normal(new Float32Array(rows * cols), { seed }).map((x) => Math.round(x * 16) / 16);
  return matrix(data, rows, cols);
}

/** The rows of `m` in the order that `order` gives. */
export function reordered(m: Matrix, order: ArrayLike<number>): Matrix {
  const [, cols] = m.shape;
  const out = new Float32Array(order.length * cols);
  for (let i = 0; i < order.length; i++)
    for (let j = 0; j < cols; j++) out[i * cols + j] = m.get(order[i], j);
  return matrix(out, order.length, cols);
}

/** `|mean of the chosen rows - sum_i target_i x_i|^2`, by the definition. */
export function squaredError(m: Matrix, chosen: readonly number[], target: ArrayLike<number>): number {
  let error = 0;
  for (let j = 0; j < m.shape[1]; j++) {
    let difference = 0;
    for (const i of chosen) difference += m.get(i, j) / chosen.length;
    for (let i = 0; i < m.shape[0]; i++) difference -= target[i] * m.get(i, j);
    error += difference ** 2;
  }
  return error;
}

export const sum = (values: ArrayLike<number>): number => Array.from(values).reduce((a, b) => a + b, 0);

/** One selection from the start. */
export const select = async (options: SelectorOptions, pool: Pool) => {
  const selector = createSelector(options);
  return selector.select(selector.init(), pool);
};
