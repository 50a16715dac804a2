import { normal } from "@colm/array";

/** Coordinates of a point. */
export const DIMENSION = 64;

/** Rows `[first, first + count)` of n points around n / 1000 centres, at least 4. */
export function clusteredRows(n: number, first: number, count: number): Float32Array {
  const clusters = Math.max(4, Math.floor(n / 1000));
  const centres = normal(new Float32Array(clusters * DIMENSION), { seed: 1 });
  const rows = normal(new Float32Array(count * DIMENSION), { seed: 2, start: first * DIMENSION });
  for (let i = 0; i < count; i++) {
    const centre = ((first + i) % clusters) * DIMENSION;
    for (let t = 0; t < DIMENSION; t++) {
      rows[i * DIMENSION + t] = 0.35 * rows[i * DIMENSION + t] + centres[centre + t];
    }
  }
  return rows;
}
