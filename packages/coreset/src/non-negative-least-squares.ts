/** The ridge, as a part of the mean squared length. */
const RIDGE = 1e-3;

/** How much the sum of the weights counts, in mean squared lengths. */
const SUM = 1e3;

/**
 * `argmin_{w >= 0} |sum_s w_s x_s - mu|^2 + lambda |w|^2 + gamma (sum(w) - 1)^2`: the non-negative weights of the rows S whose mean
 * is nearest to a target.
 *
 * Lawson & Hanson, "Solving least squares problems" (1974), chapter 23, on the normal equations. The ridge lambda, a thousandth
 * of the mean squared length in S, makes the solution unique; gamma, a thousand times that length, makes the sum 1 within about
 * 1e-3, so that scaling it to exactly 1 changes nothing. O(b^3) for each change of the set of positive weights.
 *
 * @param kernel - K, `[n, n]`, row-major.
 * @param alike - `t = K mu`, `[n]`.
 * @param support - S, different rows.
 * @param near - Weights of the first rows of S to start from; where they are positive the solution will mostly be too.
 */
export function nonNegativeLeastSquares(
  kernel: Float32Array,
  alike: Float64Array,
  support: readonly number[],
  near: ArrayLike<number> = [],
): Float64Array {
  const n = alike.length;
  const b = support.length;
  const length = support.reduce((sum, row) => sum + kernel[row * n + row], 0) / Math.max(b, 1);
  const ridge = RIDGE * length;
  const gamma = SUM * length;
  let w = new Float64Array(b);
  for (let t = 0; t < near.length; t++) w[t] = near[t];
  if (ridge === 0) return w;
  const active = Array.from(w.keys()).filter((t) => w[t] > 0);
  const entry = (s: number, t: number): number =>
    kernel[support[s] * n + support[t]] + gamma + (s === t ? ridge : 0);
  const right = (t: number): number => alike[support[t]] + gamma;
  // each round enters one weight; the known bound of the method in practice
  for (let round = 0; round < 3 * b + 3; round++) {
    w = shrink(entry, right, active, w);
    const entering = steepest(entry, right, active, w, ridge);
    if (entering < 0) break;
    active.push(entering);
  }
  return w;
}

/** Solves on the active weights; those that would turn negative leave at the border, one after the other. */
function shrink(
  entry: (s: number, t: number) => number,
  right: (t: number) => number,
  active: number[],
  from: Float64Array<ArrayBuffer>,
): Float64Array<ArrayBuffer> {
  const w = from.slice();
  while (active.length > 0) {
    const z = solve(entry, right, active);
    let step = 1;
    for (const [k, t] of active.entries()) {
      if (z[k] <= 0) step = Math.min(step, w[t] > 0 ? w[t] / (w[t] - z[k]) : 0);
    }
    for (const [k, t] of active.entries()) w[t] += step * (z[k] - w[t]);
    if (step === 1) break;
    let leaving = active[0];
    for (const [k, t] of active.entries()) if (z[k] <= 0 && w[t] <= w[leaving]) leaving = t;
    for (let k = active.length - 1; k >= 0; k--) {
      const t = active[k];
      if (t !== leaving && w[t] > 0) continue;
      w[t] = 0;
      active.splice(k, 1);
    }
  }
  return w;
}

/** The weight at 0 along which the objective falls most, -1 when it falls along none. */
function steepest(
  entry: (s: number, t: number) => number,
  right: (t: number) => number,
  active: readonly number[],
  w: Float64Array,
  ridge: number,
): number {
  const positive = new Set(active);
  let best = -1;
  let most = 0;
  for (let t = 0; t < w.length; t++) {
    if (positive.has(t)) continue;
    let slope = right(t);
    let size = Math.abs(slope);
    for (const s of active) {
      slope -= entry(t, s) * w[s];
      size += Math.abs(entry(t, s) * w[s]);
    }
    // what rounding alone could make of it does not count
    if (slope > most && slope > 1e-12 * (size + ridge)) {
      most = slope;
      best = t;
    }
  }
  return best;
}

/** The symmetric positive definite system of the active weights, by Cholesky's factorisation. */
function solve(
  entry: (s: number, t: number) => number,
  right: (t: number) => number,
  active: readonly number[],
): Float64Array {
  const size = active.length;
  const factor = new Float64Array(size * size);
  const z = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = entry(active[i], active[j]);
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      factor[i * size + j] =
        i === j ? Math.sqrt(Math.max(sum, Number.MIN_VALUE)) : sum / factor[j * size + j];
    }
    let sum = right(active[i]);
    for (let k = 0; k < i; k++) sum -= factor[i * size + k] * z[k];
    z[i] = sum / factor[i * size + i];
  }
  for (let i = size - 1; i >= 0; i--) {
    for (let k = i + 1; k < size; k++) z[i] -= factor[k * size + i] * z[k];
    z[i] /= factor[i * size + i];
  }
  return z;
}
