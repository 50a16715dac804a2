import { requirePositive } from "@colm/array";
import { openSieve, requireSieve, type SieveOptions, type StreamEvaluator, type Summary } from "./stream.ts";

/** Settings of {@link threeSieves}. */
export interface ThreeSievesOptions extends SieveOptions {
  /** So many items in a row have to fail before the threshold is lowered; an integer of at least 1, 1000 by default. */
  readonly patience?: number;
}

/**
 * One pass over a stream with one summary: an item is kept when its gain is at least
 * `(v / 2 - f(S)) / (count - |S|)`; the guess `v` of the optimum starts high and falls by `1 + epsilon` after `patience`
 * items that fail.
 *
 * @param stream - Items of any kind, each seen once, kept only in the summary.
 * @param start - Starts an empty summary of a monotone submodular function.
 * @param options - How many to keep, how fine the guesses are and how long each lasts.
 * @returns The summary. With probability `(1 - delta)^count` its value is at least
 * `(1 - epsilon) (1 - 1/e)` of the optimum when items come in random order, `patience = -log(delta) / rate`.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If `count`, `epsilon` or `patience` is out of range, or a gain is NaN or `Infinity`.
 * @remarks Buschjäger, Honysz & Morik, "Very fast streaming submodular function maximization" (2021), algorithm 1. The
 * largest gain of a single item is taken from the stream: when a larger one comes the summary starts anew with it.
 * Holds `count` items and takes two gains for each one, fewer than any other sieve. The upper bound is `count` times the
 * largest single gain, or `f(S)` plus `count` times the largest gain refused.
 * @example
 * const f = modular([5, 1, 2, 4, 3]);
 * const { items } = await threeSieves([0, 1, 2, 3, 4], () => f.start(), { count: 3, patience: 1 });
 * items; // => [0, 2, 3]
 */
export async function threeSieves<T>(
  stream: AsyncIterable<T> | Iterable<T>,
  start: () => StreamEvaluator<T>,
  options: ThreeSievesOptions,
): Promise<Summary<T>> {
  const caller = "threeSieves";
  requireSieve(caller, stream, start, options);
  const { count, epsilon = 0.1, patience = 1000, signal, onProgress } = options;
  requirePositive(caller, "patience", patience);
  const singles = openSieve(caller, start);
  let largest = 0;
  let guess = 0;
  let failed = 0;
  // no item outside the summary can add more to it
  let refused = 0;
  let sieve = openSieve(caller, start);
  let seen = 0;
  for await (const item of stream) {
    signal?.throwIfAborted();
    const single = singles.gain(item, seen);
    if (single > largest) {
      refused = largest;
      largest = single;
      guess = count * largest;
      failed = 0;
      sieve = openSieve(caller, start);
    }
    const open = sieve.size < count && largest > 0;
    const gain = open ? sieve.gain(item, seen) : single;
    if (open && gain >= (guess / 2 - sieve.value) / (count - sieve.size)) {
      sieve.keep(item, gain);
      failed = 0;
    } else {
      refused = Math.max(refused, gain);
      if (open && ++failed === patience) {
        guess = Math.max(largest, guess / (1 + epsilon));
        failed = 0;
      }
    }
    seen++;
    onProgress?.(seen);
  }
  return sieve.finish(seen, count * Math.min(largest, sieve.value / count + refused));
}
