import { type Matrix, matrix, normal, uniform } from "@colm/array";

/** n points around n / 32 centres. */
export function clusters(n: number, d: number): Matrix {
  const count = Math.max(4, n >> 5);
  const centres = normal(new Float32Array(count * d), { seed: 1 });
  const noise = normal(new Float32Array(n * d), { seed: 2 });
  const entry = (e: number, p: number): number =>
    0.35 * e + centres[(Math.floor(p / d) % count) * d + (p % d)];
  return matrix(noise.map(entry), n, d);
}

/** The same similarities with 1 on the diagonal: each point represents itself best. */
export function withOnes(s: Matrix): Matrix {
  for (let i = 0; i < s.shape[0]; i++) s.data[i * (s.shape[0] + 1)] = 1;
  return s;
}

/** Uniform random similarities, symmetric. */
export function symmetric(n: number): Matrix {
  const data = new Float32Array(n * n);
  const row = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    uniform(row, { seed: 3, stream: i });
    for (let j = i; j < n; j++) {
      data[i * n + j] = row[j];
      data[j * n + i] = row[j];
    }
  }
  return matrix(data, n, n);
}
