/** A sum of squares between these has lost nothing to underflow that a length would show, and nothing to overflow. */
const [LEAST, MOST] = [2 ** -900, 2 ** 1000];

/**
 * The rows of `x`, `[rows, cols]`, each divided by its length; throws at the first row of zeros. A row whose squares leave the range
 * of float64 is first divided by the power of two of its largest entry.
 */
export function unitRows(
  caller: string,
  x: Float32Array | Float64Array,
  rows: number,
  cols: number,
): Float64Array {
  const unit = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    const [from, to] = [i * cols, (i + 1) * cols];
    let sum = 0;
    for (let k = from; k < to; k++) sum += x[k] * x[k];
    const row = sum > LEAST && sum < MOST ? x : scaled(x, from, to);
    if (row !== x) {
      sum = 0;
      for (let k = from; k < to; k++) sum += row[k - from] * row[k - from];
    }
    if (sum === 0) {
      throw new RangeError(`${caller}: "points" must have no zero row under "cosine", got one at ${i}`);
    }
    const first = row === x ? 0 : from;
    const length = Math.sqrt(sum);
    for (let k = from; k < to; k++) unit[k] = row[k - first] / length;
  }
  return unit;
}

/** The entries from `from` to `to`, their largest between 1 and 2; zeros as they are. */
function scaled(x: Float32Array | Float64Array, from: number, to: number): Float64Array {
  const row = Float64Array.from(x.subarray(from, to));
  const largest = row.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  if (largest === 0) return row;
  const exponent = Math.floor(Math.log2(largest));
  // in two halves: 2^1074, which the smallest entries need, is beyond float64
  const half = 2 ** -Math.trunc(exponent / 2);
  const rest = 2 ** -(exponent - Math.trunc(exponent / 2));
  return row.map((value) => value * half * rest);
}
