/** Requires sums, `[.., cols]`, that float32 could hold; `argument` is what they were computed from. */
export function requireFloat32(caller: string, argument: string, sums: Float32Array, cols: number): void {
  // 0 times anything but a finite number is NaN, and stays it in a sum
  let zero = 0;
  for (let p = 0; p < sums.length; p++) zero += 0 * sums[p];
  if (zero === 0) return;
  const p = sums.findIndex((value) => value - value !== 0);
  const place = cols === 1 ? `${p}` : `[${Math.floor(p / cols)}, ${p % cols}]`;
  throw new RangeError(
    `${caller}: "${argument}" must give sums within float32, got ${sums[p]} at ${place}; scale them down`,
  );
}
