/** Requires the `count` entries from `start` on, those of row `i`, to have stayed within float32. */
export function requireSum(
  caller: string,
  sums: Float32Array,
  i: number,
  start: number,
  count: number,
): void {
  for (let t = 0; t < count; t++) {
    const sum = sums[start + t];
    if (sum - sum === 0) continue;
    throw new RangeError(
      `${caller}: "points" must give sums within float32, got ${Math.abs(sum)} at [${i}, ${t}]; scale them down`,
    );
  }
}
