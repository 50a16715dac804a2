import { describe, permutation, requireNatural } from "@colm/array";
import { entryOf, type ListOf } from "./indexed.ts";

/** The order and the cut of batches; plain numbers, so that a checkpoint can hold them. */
export interface BatchOptions {
  /** Examples per batch, at least 1. */
  readonly size: number;
  /** Seed of all shuffles, an integer in [0, 2^53). */
  readonly seed: number;
  /** The first epoch, a natural number. Default 0. */
  readonly epoch?: number;
  /** How many epochs follow one another, a natural number or `Infinity`. Default 1. */
  readonly epochs?: number;
  /** Batches passed over before the first one: the number of batches that a resumed run has seen. Default 0. */
  readonly start?: number;
  /** What becomes of fewer than `size` examples at the very end. Default `"keep"`. */
  readonly last?: "keep" | "drop";
}

/**
 * Batches in a seeded order: batch `k` holds places `k size … (k + 1) size - 1` of the sequence
 * `shuffle(seed, epoch), shuffle(seed, epoch + 1), …`.
 *
 * Every example comes once in each epoch. A batch may span the border of two epochs, so that all batches are full; only the
 * last one of the last epoch can be smaller, and `last` says whether it comes.
 *
 * @param examples - At least one; examples, rows or indices, in an array or in a list that is read on demand, of which a
 *   batch is read at once. Kept while the result is iterated, never modified.
 * @param options - Size, seed and the part of the sequence that is wanted.
 * @returns The batches, fresh arrays of the same examples. Each iteration begins anew.
 * @throws {TypeError | RangeError} If there are no examples or an option is outside its range.
 * @remarks Resuming at any `start` costs one shuffle, however far it lies: the order of an epoch is
 *   `permutation(n, { seed, stream: epoch })`.
 * @example
 * const seen = [];
 * for await (const batch of batches(["a", "b", "c"], { size: 2, seed: 1, epochs: 2 })) seen.push(batch.join());
 * seen.length; // => 3
 * const resumed = [];
 * for await (const batch of batches(["a", "b", "c"], { size: 2, seed: 1, epochs: 2, start: 2 })) resumed.push(batch.join());
 * resumed[0] === seen[2]; // => true
 */
export function batches<T>(examples: ListOf<T>, options: BatchOptions): AsyncIterable<T[]> {
  const n = requireExamples("batches", examples);
  requireBatchOptions("batches", options);
  const { size, seed, epoch = 0, epochs = 1, start = 0, last = "keep" } = options;
  if (epochs === Number.POSITIVE_INFINITY) {
    // each epoch has a stream of draws of its own, and there are 2^32
    const most = Math.max(0, Math.floor(((2 ** 32 - epoch) * n) / size) - 1);
    requireNatural("batches", "start", start, Math.min(most, Math.floor(Number.MAX_SAFE_INTEGER / size) - 1));
  }
  const end = last === "drop" ? Math.floor((n * epochs) / size) * size : n * epochs;
  return {
    [Symbol.asyncIterator]: async function* () {
      let shuffled = -1;
      let order: Int32Array = new Int32Array(0);
      for (let first = start * size; first < end; first += size) {
        const batch: (T | Promise<T>)[] = [];
        for (let place = first; place < Math.min(first + size, end); place++) {
          const turn = Math.floor(place / n);
          if (turn !== shuffled) order = permutation(n, { seed, stream: epoch + turn });
          shuffled = turn;
          batch.push(entryOf(examples, order[place - turn * n]));
        }
        yield await Promise.all(batch);
      }
    },
  };
}

/** The length of a list that holds at least one entry. */
export function requireExamples<T>(caller: string, examples: ListOf<T>): number {
  const isList = typeof examples === "object" && examples !== null && typeof examples.length === "number";
  if (!isList) {
    throw new TypeError(`${caller}: "examples" must be an array or a list, got ${describe(examples)}`);
  }
  if (examples.length > 0) return examples.length;
  throw new RangeError(`${caller}: "examples" must hold at least one, got ${describe(examples)}`);
}

/** Checks everything about batches but their examples. */
export function requireBatchOptions(caller: string, options: BatchOptions): void {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`${caller}: "options" must be { size, seed }, got ${describe(options)}`);
  }
  const { size, seed, epoch = 0, epochs = 1, start = 0, last = "keep" } = options;
  requireNatural(caller, "size", size);
  if (size === 0) throw new RangeError(`${caller}: "size" must be at least 1, got 0`);
  requireNatural(caller, "seed", seed);
  requireNatural(caller, "epoch", epoch, 2 ** 32 - 1);
  if (epochs !== Number.POSITIVE_INFINITY) requireNatural(caller, "epochs", epochs, 2 ** 32 - epoch);
  requireNatural(caller, "start", start);
  if (last !== "keep" && last !== "drop") {
    throw new RangeError(`${caller}: "last" must be "keep" or "drop", got ${describe(last)}`);
  }
}
