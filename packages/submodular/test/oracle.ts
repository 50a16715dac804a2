import { type Matrix, matrix } from "@colm/array";
import type { SetFunction } from "@colm/submodular";
import fc from "fast-check";

/** A matrix whose entries are multiples of 1/16, so that every sum is exact in any order. */
export function dyadicMatrix(rows: number, cols: number): fc.Arbitrary<Matrix> {
  return fc
    .array(fc.integer({ min: -16, max: 64 }), { minLength: rows * cols, maxLength: rows * cols })
    .map((entries) =>
      matrix(
        Float32Array.from(entries, (e) => e / 16),
        rows,
        cols,
      ),
    );
}

/** Matrices of any shape, and a number of columns to choose. */
export const dyadicProblem: fc.Arbitrary<{ s: Matrix; count: number }> = fc
  .record({ rows: fc.integer({ min: 1, max: 9 }), cols: fc.integer({ min: 1, max: 9 }) })
  .chain(({ rows, cols }) =>
    fc.record({ s: dyadicMatrix(rows, cols), count: fc.integer({ min: 0, max: cols }) }),
  );

/** Greedy from the definition: every value of every extension, the lower or the higher index on ties. */
export function naiveGreedy(f: SetFunction, count: number, ties: "low" | "high" = "low"): number[] {
  const chosen: number[] = [];
  for (let t = 0; t < count; t++) {
    let best = -1;
    let top = Number.NEGATIVE_INFINITY;
    for (let j = 0; j < f.size; j++) {
      if (chosen.includes(j)) continue;
      const value = f.value([...chosen, j]);
      if (value > top || (ties === "high" && value === top)) [best, top] = [j, value];
    }
    chosen.push(best);
  }
  return chosen;
}

/** All subsets of `{0, ..., size - 1}` with at most `count` items. */
export function* subsets(size: number, count: number): Generator<number[]> {
  for (let bits = 0; bits < 2 ** size; bits++) {
    const set = Array.from({ length: size }, (_, j) => j).filter((j) => (bits >> j) & 1);
    if (set.length <= count) yield set;
  }
}

/** The best value of at most `count` items. */
export function optimum(f: SetFunction, count: number): number {
  let best = Number.NEGATIVE_INFINITY;
  for (const set of subsets(f.size, count)) best = Math.max(best, f.value(set));
  return best;
}

/** The same matrix at an offset, column-major and backwards, inside an array full of NaN. */
export function strided(m: Matrix): Matrix {
  const [rows, cols] = m.shape;
  const data = new Float32Array(2 * rows * cols + 5).fill(Number.NaN);
  const view = matrix(new Float32Array(rows * cols), rows, cols);
  const last = 3 + 2 * (rows * cols - 1);
  view.data = data;
  view.offset = last;
  view.stride = [-2, -2 * rows];
  for (let i = 0; i < rows; i++) for (let j = 0; j < cols; j++) view.set(i, j, m.get(i, j));
  return view;
}

/** The same function for callers that TypeScript does not watch. */
export function untyped(f: unknown): (...values: unknown[]) => unknown {
  if (typeof f !== "function") throw new TypeError("not a function");
  return (...values) => Reflect.apply(f, undefined, values);
}
