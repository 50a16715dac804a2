import { alikeTarget, type SubsetMethod, type SubsetProblem } from "../subset-problem.ts";

/**
 * Herding: the subset whose mean is near the target mean `mu`, grown one by one, then mended by swaps.
 *
 * With `s` the running sum over the chosen set S, add `argmin_i |(s + x_i) / (|S| + 1) - mu|^2` over the rows left, until there
 * are enough; then exchange the pair of a chosen row and another that lowers `|mean_S - mu|^2` most, as long as one
 * does. Equal rows: the lower first.
 *
 * Welling, "Herding dynamical weights to learn" (2009); Chen, Welling & Smola, "Super-samples from kernel herding" (2010).
 * On scalar products this is the mean of the features themselves; on `max(D) - D` of distances it is their energy
 * distance (Sejdinovic et al. 2013). Where rows share a far mean their products are taken about it, which changes nothing
 * but rounding: only differences of means enter. O(n^2) for all additions, O(b (n - b)) a swap, no pass over the coordinates.
 */
export const herding: SubsetMethod = {
  metric: "dot",
  weighting: "uniform",
  draws: false,
  comparesPairs: true,
  ignoresShift: true,
  choose: (problem) => herd(problem, { swaps: true }),
};

/** Herding with the swaps as a switch. */
export function herd(problem: SubsetProblem, { swaps }: { swaps: boolean }): Int32Array {
  const { kept, candidates, count, target, groups, quotas } = problem;
  const kernel = problem.kernel();
  const size = target.length;
  const alike = alikeTarget(kernel, target);
  const sum = new Float64Array(size);
  for (const row of kept) addRow(sum, kernel, row, 1);
  const isFree = new Uint8Array(size);
  for (const row of candidates) isFree[row] = 1;
  const left = quotas?.slice();
  const chosen = new Int32Array(count);
  for (let t = 0; t < count; t++) {
    const m = kept.length + t + 1;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (const row of candidates) {
      if (isFree[row] === 0 || (left && groups && left[groups[row]] === 0)) continue;
      // the parts of |(s + x) / m - mu|^2 that depend on x
      const cost = (2 * sum[row] + kernel[row * size + row]) / (m * m) - (2 * alike[row]) / m;
      if (cost < least || best < 0) {
        least = cost;
        best = row;
      }
    }
    chosen[t] = best;
    isFree[best] = 0;
    if (left && groups) left[groups[best]]--;
    addRow(sum, kernel, best, 1);
  }
  if (swaps) swap(problem, kernel, alike, sum, isFree, chosen);
  return chosen;
}

/** A swap has to bring more than this part of the largest squared length over b, so that rounding cannot keep it going. */
const LEAST_GAIN = 1e-12;

function swap(
  { kept, candidates, groups, quotas }: SubsetProblem,
  kernel: Float32Array,
  alike: Float64Array,
  sum: Float64Array,
  isFree: Uint8Array,
  chosen: Int32Array,
): void {
  const size = alike.length;
  const b = kept.length + chosen.length;
  let largest = 0;
  for (let i = 0; i < size; i++) largest = Math.max(largest, kernel[i * size + i]);
  const tolerance = (LEAST_GAIN * largest) / b;
  for (;;) {
    let best = -tolerance;
    let place = -1;
    let entering = -1;
    for (let t = 0; t < chosen.length; t++) {
      const out = chosen[t];
      const own = sum[out] / b - alike[out];
      const outer = kernel[out * size + out];
      for (const row of candidates) {
        if (isFree[row] === 0 || (groups && quotas && groups[row] !== groups[out])) continue;
        const slope = (2 / b) * (sum[row] / b - alike[row] - own);
        const change = slope + (outer + kernel[row * size + row] - 2 * kernel[out * size + row]) / (b * b);
        if (change < best) {
          best = change;
          place = t;
          entering = row;
        }
      }
    }
    if (place < 0) return;
    const leaving = chosen[place];
    addRow(sum, kernel, leaving, -1);
    addRow(sum, kernel, entering, 1);
    isFree[leaving] = 1;
    isFree[entering] = 0;
    chosen[place] = entering;
  }
}

function addRow(sum: Float64Array, kernel: Float32Array, row: number, factor: number): void {
  for (let j = 0, at = row * sum.length; j < sum.length; j++, at++) sum[j] += factor * kernel[at];
}
