const DIGIT = 8;
const DIGITS = 2 ** DIGIT;

/**
 * Moves the `keep` largest of `bits[0 .. size - 1]` to the front, in their old order, earlier ones first among equals,
 * and their `labels` with them; returns the smallest one kept.
 *
 * Radix selection: the digits of the `keep`-th largest are found one by one from counts, four passes of 8 bits.
 * `keep` is in `[1, size]`, and no entry is below 0.
 */
export function selectLargest(bits: Int32Array, labels: Int32Array, size: number, keep: number): number {
  const counts = new Uint32Array(DIGITS);
  let prefix = 0;
  let wanted = keep;
  for (let shift = 32 - DIGIT; shift >= 0; shift -= DIGIT) {
    counts.fill(0);
    const above = shift + DIGIT;
    for (let i = 0; i < size; i++) {
      if (above === 32 || bits[i] >>> above === prefix) counts[(bits[i] >>> shift) & (DIGITS - 1)]++;
    }
    let digit = DIGITS - 1;
    while (counts[digit] < wanted) wanted -= counts[digit--];
    prefix = prefix * DIGITS + digit;
  }
  // `prefix` is now the keep-th largest, and `wanted` of those equal to it are kept
  let to = 0;
  for (let i = 0; i < size; i++) {
    const value = bits[i];
    if (value < prefix || (value === prefix && wanted-- <= 0)) continue;
    bits[to] = value;
    labels[to++] = labels[i];
  }
  return prefix;
}
