import { finishStream } from "./finish-stream.ts";
import type { ColumnTerm, Entries, PairTerm, Sums } from "./sums.ts";

/** The sums by plain loops over typed arrays, in float64. */
export function plainSums(): Sums {
  return {
    async pairs(term, x, size, cols) {
      const out = new Float32Array(size * size);
      const sum = pairLoops[term];
      for (let i = 0; i < size; i++) {
        for (let j = term === "product" ? i : i + 1; j < size; j++) {
          const value = sum(x, i * cols, j * cols, cols);
          out[i * size + j] = value;
          out[j * size + i] = value;
        }
      }
      return out;
    },
    async columns(term, table, column, cols) {
      const sums = new Float64Array(cols);
      for (let i = 0; i < column.length; i++) columnLoops[term](table, i * cols, column[i], sums);
      return Float32Array.from(sums);
    },
    features: async (problem) => finishStream(problem),
    async dispose() {},
  };
}

/** The sum over the rows that start at `a` and `b`, in two halves that need not wait for one another. */
type PairLoop = (x: Entries, a: number, b: number, cols: number) => number;

const pairLoops: Readonly<Record<PairTerm, PairLoop>> = {
  absolute(x, a, b, cols) {
    let [even, odd, k] = [0, 0, 0];
    for (; k + 2 <= cols; k += 2) {
      even += Math.abs(x[a + k] - x[b + k]);
      odd += Math.abs(x[a + k + 1] - x[b + k + 1]);
    }
    return k < cols ? even + odd + Math.abs(x[a + k] - x[b + k]) : even + odd;
  },
  squared(x, a, b, cols) {
    let [even, odd, k] = [0, 0, 0];
    for (; k + 2 <= cols; k += 2) {
      even += (x[a + k] - x[b + k]) ** 2;
      odd += (x[a + k + 1] - x[b + k + 1]) ** 2;
    }
    return k < cols ? even + odd + (x[a + k] - x[b + k]) ** 2 : even + odd;
  },
  product(x, a, b, cols) {
    let [even, odd, k] = [0, 0, 0];
    for (; k + 2 <= cols; k += 2) {
      even += x[a + k] * x[b + k];
      odd += x[a + k + 1] * x[b + k + 1];
    }
    return k < cols ? even + odd + x[a + k] * x[b + k] : even + odd;
  },
};

/** Adds the terms of the row that starts at `first` to the sums. */
type ColumnLoop = (table: Entries, first: number, value: number, sums: Float64Array) => void;

const columnLoops: Readonly<Record<ColumnTerm, ColumnLoop>> = {
  rise(table, first, low, sums) {
    // a branch on the sign would be guessed wrongly half of the time
    for (let j = 0; j < sums.length; j++) sums[j] += Math.max(0, table[first + j] - low);
  },
  weighted(table, first, weight, sums) {
    for (let j = 0; j < sums.length; j++) sums[j] += weight * table[first + j];
  },
};
