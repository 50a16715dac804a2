import type { Batch } from "@colm/data";

/** The positions of a batch whose next token has a label. */
export interface Targets {
  /** Row `b * tokens + t` of each position, ascending. */
  readonly rows: Int32Array;
  /** The label at `t + 1`. */
  readonly ids: Int32Array;
  /** The example `b` of each position. */
  readonly examples: Int32Array;
  /** Number of targets of each example. */
  readonly counts: Int32Array;
}

/** The shifted labels of a batch. */
export function shiftedTargets({ labels, shape: [batch, tokens] }: Batch): Targets {
  const rows: number[] = [];
  const counts = new Int32Array(batch);
  for (let b = 0; b < batch; b++) {
    for (let t = 0; t + 1 < tokens; t++) {
      if (labels[b * tokens + t + 1] === -100) continue;
      rows.push(b * tokens + t);
      counts[b]++;
    }
  }
  return {
    rows: Int32Array.from(rows),
    ids: Int32Array.from(rows, (row) => labels[row + 1]),
    examples: Int32Array.from(rows, (row) => Math.floor(row / tokens)),
    counts,
  };
}

/** The mean of the values of each example's targets, 0 where it has none. Sums in float64. */
export function meanPerExample(values: ArrayLike<number>, { examples, counts }: Targets): Float32Array {
  const sums = new Float64Array(counts.length);
  for (let i = 0; i < examples.length; i++) sums[examples[i]] += values[i];
  return Float32Array.from(sums, (sum, b) => (counts[b] === 0 ? 0 : sum / counts[b]));
}
