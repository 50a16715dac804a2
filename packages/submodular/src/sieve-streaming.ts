import {
  openSieve,
  requireSieve,
  type Sieve,
  type SieveOptions,
  type StreamEvaluator,
  type Summary,
} from "./stream.ts";

/**
 * One pass over a stream: for each threshold `tau = (1 + epsilon)^i` that can still matter, keep an item whose gain is
 * at least `tau`; the best of these summaries is returned.
 *
 * @param stream - Items of any kind, each seen once and kept only in summaries.
 * @param start - Starts an empty summary of a monotone submodular function; called once per threshold.
 * @param options - How many to keep, and how fine the thresholds are.
 * @returns The best summary; its value is at least `1/2 - epsilon` of the best `count` items of the whole stream.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If `count` or `epsilon` is out of range, or a gain is NaN or `Infinity`.
 * @remarks SieveStreaming++: Kazemi et al., "Submodular streaming in all its glory" (2019), algorithm 1. Holds
 * O(count / epsilon) items and takes O(log(count) / epsilon) gains for each one. The upper bound is `count` times the
 * largest single gain, or `f(S) + count tau` of a summary `S` with room left, which refused only gains below `tau`.
 * @example
 * const f = modular([1, 5, 2, 4, 3]);
 * const { items, value } = await sieveStreaming([0, 1, 2, 3, 4], () => f.start(), { count: 2 });
 * items; // => [1, 3]
 * value; // => 9
 */
export async function sieveStreaming<T>(
  stream: AsyncIterable<T> | Iterable<T>,
  start: () => StreamEvaluator<T>,
  options: SieveOptions,
): Promise<Summary<T>> {
  const caller = "sieveStreaming";
  requireSieve(caller, stream, start, options);
  const { count, epsilon = 0.1, signal, onProgress } = options;
  const singles = openSieve(caller, start);
  const sieves = new Map<number, Sieve<T>>();
  let largest = 0;
  let best = openSieve(caller, start);
  let seen = 0;
  for await (const item of stream) {
    signal?.throwIfAborted();
    largest = Math.max(largest, singles.gain(item, seen));
    const least = Math.max(best.value, largest) / (2 * count) || Number.MIN_VALUE;
    const first = Math.ceil(Math.log(least) / Math.log1p(epsilon) - 1);
    const last = Math.floor(Math.log(largest) / Math.log1p(epsilon));
    for (const power of sieves.keys()) if (power < first) sieves.delete(power);
    for (let power = first; largest > 0 && power <= last; power++) {
      const sieve = sieves.get(power) ?? openSieve(caller, start);
      sieves.set(power, sieve);
      if (sieve.size === count) continue;
      const gain = sieve.gain(item, seen);
      if (gain < (1 + epsilon) ** power) continue;
      sieve.keep(item, gain);
      if (sieve.value > best.value) best = sieve;
    }
    seen++;
    onProgress?.(seen);
  }
  let bound = count * largest;
  for (const [power, sieve] of sieves) {
    if (sieve.size < count) bound = Math.min(bound, sieve.value + count * (1 + epsilon) ** power);
  }
  return best.finish(seen, bound);
}
