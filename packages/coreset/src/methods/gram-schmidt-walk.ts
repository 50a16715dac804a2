import { uniform } from "@colm/array";
import type { SubsetMethod, SubsetProblem } from "../subset-problem.ts";

/** The part of each example that is a coordinate of its own, against the part that is its features. */
const ROBUSTNESS = 0.1;

/** A coordinate this near to its end is there. */
const NEAR = 1e-9;

/**
 * The Gram-Schmidt walk: a random subset, every candidate in it with the same probability `pi = b / n`, whose mean is near the
 * candidates' mean in every direction.
 *
 * Fractional assignments `z` start at `2 pi - 1`. A pivot p walks along `u` with `u_p = 1` and
 * `u = argmin |sum_i u_i x_i|^2` over the alive, `sum_i u_i = 0`, to one of the two ends at which a coordinate reaches
 * -1 or 1 and dies, with the probabilities that keep `E z`. Chosen is where z ends at 1.
 *
 * Bansal, Dadush, Garg & Lovett, "The Gram-Schmidt walk" (2018); Harshaw, Savje, Spielman & Zhang, "Balancing covariates in
 * randomized experiments with the Gram-Schmidt walk design" (2024), with phi = 0.1. The condition on the sum is ours: it makes the size
 * exactly b. The inverse over the alive is kept up to date, so all takes O(n^3).
 */
export const gramSchmidtWalk: SubsetMethod = {
  metric: "dot",
  weighting: "uniform",
  draws: true,
  comparesPairs: true,
  ignoresShift: false,
  choose: walk,
};

function walk(problem: SubsetProblem): Int32Array {
  const { candidates, count, seed } = problem;
  const size = candidates.length;
  const inverse = invert(regularised(problem), size);
  const z = new Float64Array(size).fill((2 * count) / size - 1);
  const draws = uniform(new Float64Array(2 * size), { seed });
  let alive = Array.from({ length: size }, (_, i) => i);
  let pivot = -1;
  for (let t = 0; alive.length > 1; t++) {
    if (!alive.includes(pivot)) pivot = alive[Math.floor(draws[2 * t] * alive.length)];
    const u = step(inverse, size, alive, pivot);
    const ahead = reach(z, u, alive, 1);
    const behind = reach(z, u, alive, -1);
    const forward = draws[2 * t + 1] * (ahead.length + behind.length) < behind.length;
    const { length, hit } = forward ? ahead : behind;
    for (const i of alive) z[i] += (forward ? length : -length) * u[i];
    z[hit] = Math.sign(z[hit]);
    const dead = alive.filter((i) => i === hit || Math.abs(z[i]) >= 1 - NEAR);
    alive = alive.filter((i) => !dead.includes(i));
    for (const k of dead) eliminate(inverse, size, [...alive, ...dead], k);
  }
  // the sum is kept, so the last one alive is where the count wants it
  const settled = z.reduce((sum, x, i) => sum + (!alive.includes(i) && x > 0 ? 1 : 0), 0);
  for (const i of alive) z[i] = settled < count ? 1 : -1;
  return candidates.filter((_, i) => z[i] > 0);
}

/** `(1 - phi) K / mean(diagonal) + phi I` of the candidates. */
function regularised({ kernel, candidates, target }: SubsetProblem): Float64Array {
  const products = kernel();
  const n = target.length;
  const size = candidates.length;
  let trace = 0;
  for (const row of candidates) trace += products[row * n + row];
  const scale = trace > 0 ? ((1 - ROBUSTNESS) * size) / trace : 0;
  const out = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) out[i * size + j] = products[candidates[i] * n + candidates[j]] * scale;
    out[i * size + i] += ROBUSTNESS;
  }
  return out;
}

/** The inverse of a symmetric positive definite matrix, in its place: Gauss and Jordan, no pivots needed. */
function invert(m: Float64Array, size: number): Float64Array {
  for (let k = 0; k < size; k++) {
    const pivot = m[k * size + k];
    m[k * size + k] = 1;
    for (let j = 0; j < size; j++) m[k * size + j] /= pivot;
    for (let i = 0; i < size; i++) {
      const factor = m[i * size + k];
      if (i === k || factor === 0) continue;
      m[i * size + k] = 0;
      for (let j = 0; j < size; j++) m[i * size + j] -= factor * m[k * size + j];
    }
  }
  return m;
}

/** `u = lambda P e_p + nu P 1` with `u_p = 1` and `sum(u) = 0`, P the inverse over the alive. */
function step(inverse: Float64Array, size: number, alive: readonly number[], pivot: number): Float64Array {
  const sums = new Float64Array(size);
  let total = 0;
  for (const i of alive) {
    for (const j of alive) sums[i] += inverse[i * size + j];
    total += sums[i];
  }
  const nu = -sums[pivot] / total;
  const lambda = 1 / (inverse[pivot * size + pivot] + nu * sums[pivot]);
  const u = new Float64Array(size);
  for (const i of alive) u[i] = lambda * (inverse[i * size + pivot] + nu * sums[i]);
  return u;
}

/** How far z can go along `side u`, and the coordinate that stops it. */
function reach(
  z: Float64Array,
  u: Float64Array,
  alive: readonly number[],
  side: 1 | -1,
): { length: number; hit: number } {
  let length = Number.POSITIVE_INFINITY;
  let hit = alive[0];
  for (const i of alive) {
    const slope = side * u[i];
    if (Math.abs(slope) < 1e-14) continue;
    const own = slope > 0 ? (1 - z[i]) / slope : (-1 - z[i]) / slope;
    if (own < length) {
      length = own;
      hit = i;
    }
  }
  return { length, hit };
}

/** Takes row and column k out of the inverse. */
function eliminate(inverse: Float64Array, size: number, rows: readonly number[], k: number): void {
  const pivot = inverse[k * size + k];
  for (const i of rows) {
    if (i === k) continue;
    const factor = inverse[i * size + k] / pivot;
    for (const j of rows) if (j !== k) inverse[i * size + j] -= factor * inverse[k * size + j];
  }
}
