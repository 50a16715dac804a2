/** The rows of `x`, `[rows, cols]`, each divided by its length; throws at the first row of length 0. */
export function unitRows(
  caller: string,
  x: Float32Array | Float64Array,
  rows: number,
  cols: number,
): Float64Array {
  const unit = new Float64Array(rows * cols);
  for (let i = 0; i < rows; i++) {
    let sum = 0;
    for (let k = i * cols; k < (i + 1) * cols; k++) sum += x[k] * x[k];
    if (sum === 0) {
      throw new RangeError(`${caller}: "points" must have no zero row under "cosine", got one at ${i}`);
    }
    const length = Math.sqrt(sum);
    for (let k = i * cols; k < (i + 1) * cols; k++) unit[k] = x[k] / length;
  }
  return unit;
}
