import { type Matrix, matrix } from "@colm/array";
import type { SetFunction } from "@colm/submodular";

/** The entries of a matrix, row by row. */
export function toRows(m: Matrix): number[][] {
  const [rows, cols] = m.shape;
  return Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => m.get(i, j)));
}

/** A float64 matrix of rows of equal length. */
export function fromRows(rows: number[][]): Matrix {
  return matrix(Float64Array.from(rows.flat()), rows.length, rows[0].length);
}

/** `a - strength^2 b inner^-1 b'`, by Gauss-Jordan elimination of a positive definite `inner`. */
export function schurComplement(
  a: number[][],
  b: number[][],
  inner: number[][],
  strength: number,
): number[][] {
  const k = inner.length;
  // rows of [inner | b'] become [I | inner^-1 b']
  const work = inner.map((row, q) => [...row, ...b.map((r) => r[q])]);
  for (let p = 0; p < k; p++) {
    const pivot = work[p][p];
    work[p] = work[p].map((x) => x / pivot);
    for (let q = 0; q < k; q++) {
      if (q === p) continue;
      const factor = work[q][p];
      work[q] = work[q].map((x, c) => x - factor * work[p][c]);
    }
  }
  const product = (i: number, j: number): number =>
    b[i].reduce((sum, x, q) => sum + x * work[q][k + j], 0) * strength ** 2;
  return a.map((row, i) => row.map((x, j) => x - product(i, j)));
}

/** `f - g`, which need not be submodular. */
export function difference(f: SetFunction, g: SetFunction): SetFunction {
  return {
    size: f.size,
    monotone: false,
    submodular: false,
    value: (set) => f.value(set) - g.value(set),
    start(initial) {
      const [first, second] = [f.start(initial), g.start(initial)];
      return {
        gain: (item) => first.gain(item) - second.gain(item),
        add(item) {
          first.add(item);
          second.add(item);
        },
      };
    },
  };
}
