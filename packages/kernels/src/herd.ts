import { matrix } from "@colm/array";
import { similarity } from "@colm/submodular";
import type { GreedyProblem } from "./greedy-problem.ts";

/** Herding on the CPU, sums in float64: the points in the order of their choice, then the score after each. */
export function herd({ x, size, cols, count, target }: GreedyProblem & { rule: "herding" }): Float32Array {
  const { data: table } = similarity(matrix(x, size, cols), { metric: "dot" });
  const alike = new Float64Array(size);
  for (let i = 0; i < size; i++) addRow(alike, table, i, target[i]);
  let aim = 0;
  for (let i = 0; i < size; i++) aim += target[i] * alike[i];
  const sum = new Float64Array(size);
  const out = new Float32Array(2 * count);
  const isFree = new Uint8Array(size).fill(1);
  let square = 0;
  let along = 0;
  for (let t = 0; t < count; t++) {
    const m = t + 1;
    let best = -1;
    let least = Number.POSITIVE_INFINITY;
    for (let i = 0; i < size; i++) {
      if (isFree[i] === 0) continue;
      const cost = ((2 * sum[i] + table[i * size + i]) / m - 2 * alike[i]) / m;
      if (cost < least || best < 0) {
        least = cost;
        best = i;
      }
    }
    square += 2 * sum[best] + table[best * size + best];
    along += alike[best];
    out[t] = best;
    out[count + t] = Math.max(0, square / (m * m) - (2 * along) / m + aim);
    isFree[best] = 0;
    addRow(sum, table, best, 1);
  }
  return out;
}

function addRow(sum: Float64Array, table: ArrayLike<number>, row: number, factor: number): void {
  for (let j = 0, at = row * sum.length; j < sum.length; j++, at++) sum[j] += factor * table[at];
}
