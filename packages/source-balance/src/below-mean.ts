/**
 * Which counts are below their mean, `c count_s < sum(counts)`, told in whole numbers: neither the order nor the rounding of a
 * sum decides.
 *
 * Integers are what they are. Where one is none, they are taken for shares, or for counts in another unit, each the nearest
 * float64 to what is meant: then a count is below the mean when it is so whatever was rounded to these numbers,
 * `c count_s + slack < sum(counts)`, with the half units in the last place that all of them together may be off. So shares of
 * counts give what the counts give.
 */
export function belowMean(counts: ArrayLike<number>): boolean[] {
  const { wholes, halves } = inOneUnit(counts);
  const size = BigInt(wholes.length);
  const isExact = Array.from(counts).every(Number.isInteger);
  let bound = 0n;
  let most = 0n;
  for (const [s, whole] of wholes.entries()) {
    bound += isExact ? whole : whole - halves[s];
    if (halves[s] > most) most = halves[s];
  }
  if (!isExact) bound -= size * most;
  return wholes.map((whole) => size * whole < bound);
}

/** Numbers as multiples of one power of two, and half a unit in the last place of each but 0. */
function inOneUnit(values: ArrayLike<number>): { wholes: bigint[]; halves: bigint[] } {
  const parts = Array.from(values, partsOf);
  const exponents = parts.flatMap(({ digits, exponent }) => (digits === 0n ? [] : [exponent]));
  const least = exponents.reduce((low, exponent) => Math.min(low, exponent), 1024);
  const placed = (digits: bigint, exponent: number): bigint =>
    digits === 0n ? 0n : digits << BigInt(exponent - least);
  return {
    // one binary place more, for the halves
    wholes: parts.map(({ digits, exponent }) => placed(2n * digits, exponent)),
    halves: parts.map(({ digits, exponent }) => placed(digits === 0n ? 0n : 1n, exponent)),
  };
}

/** `x = digits 2^exponent` of a finite number of at least 0. */
function partsOf(x: number): { digits: bigint; exponent: number } {
  const [bits] = new BigUint64Array(Float64Array.of(x).buffer);
  const stored = Number(bits >> 52n);
  const fraction = bits & (2n ** 52n - 1n);
  return stored === 0
    ? { digits: fraction, exponent: -1074 }
    : { digits: fraction + 2n ** 52n, exponent: stored - 1075 };
}
