/** Requires sums, `[.., cols]`, that float32 could hold; `argument` is what they were computed from. */
export function requireFloat32(caller: string, argument: string, sums: Float32Array, cols: number): void {
  const p = sums.findIndex((value) => value - value !== 0);
  if (p < 0) return;
  const place = cols === 1 ? `${p}` : `[${Math.floor(p / cols)}, ${p % cols}]`;
  throw new RangeError(
    `${caller}: "${argument}" must give sums within float32, got ${sums[p]} at ${place}; scale them down`,
  );
}
