import { describe, requireNatural } from "@colm/array";
import { type BatchOptions, requireBatchOptions, requireExamples } from "./batches.ts";
import { entryOf, type ListOf } from "./indexed.ts";
import { mixture } from "./mixture.ts";

/** One part of a mixture with its examples. */
export interface WeightedExamples<T> {
  /** At least one; an array, or a list that is read on demand. */
  readonly examples: ListOf<T>;
  /** How often they are drawn relative to the other parts, above 0. Default: their number. */
  readonly weight?: number | undefined;
}

/**
 * Batches of a weighted mixture: batch `k` holds positions `epoch · n + k size … epoch · n + (k + 1) size - 1` of
 * `mixture(parts, { seed })`, where `n` is the number of all examples together, the length of an epoch.
 *
 * @param parts - Examples and weights, at least one part. Kept while the result is iterated, never modified.
 * @param options - As of `batches`: size, seed and the part of the sequence that is wanted.
 * @returns The batches, fresh arrays of the same examples. Each iteration begins anew.
 * @throws {TypeError | RangeError} If there are no parts, a part has no examples, or a weight or an option is outside its
 *   range.
 * @remarks Resuming at any `start` costs the same as starting, and no shuffled list is held. In an epoch of a weighted
 *   mixture a part may be seen in part only or several times: each has its own passes, which go on through the epochs.
 * @example
 * const parts = [{ examples: ["a", "b", "c"], weight: 1 }, { examples: ["z"], weight: 1 }];
 * const seen = [];
 * for await (const batch of mixtureBatches(parts, { size: 2, seed: 1, epochs: 2 })) seen.push(...batch);
 * seen.filter((letter) => letter === "z").length; // => 4
 */
export function mixtureBatches<T>(
  parts: readonly WeightedExamples<T>[],
  options: BatchOptions,
): AsyncIterable<T[]> {
  requireBatchOptions("mixtureBatches", options);
  const { size, seed, epoch = 0, epochs = 1, start = 0, last = "keep" } = options;
  if (!Array.isArray(parts)) {
    throw new TypeError(`mixtureBatches: "parts" must be an array, got ${describe(parts)}`);
  }
  const order = mixture(
    parts.map((part) => {
      if (typeof part !== "object" || part === null) {
        throw new TypeError(`mixtureBatches: "parts" must hold { examples, weight }, got ${describe(part)}`);
      }
      return { size: requireExamples("mixtureBatches", part.examples), weight: part.weight };
    }),
    { seed },
  );
  const most = Math.floor((2 ** 48 - epoch * order.length) / size);
  requireNatural("mixtureBatches", "start", start, Math.max(0, most));
  const n = order.length * epochs;
  const end = last === "drop" ? Math.floor(n / size) * size : n;
  return {
    [Symbol.asyncIterator]: async function* () {
      const places = order.from(epoch * order.length + start * size);
      for (let first = start * size; first < end; first += size) {
        const batch: (T | Promise<T>)[] = [];
        for (let place = first; place < Math.min(first + size, end); place++) {
          const { value, done } = places.next();
          if (done !== true) batch.push(entryOf(parts[value.part].examples, value.index));
        }
        yield await Promise.all(batch);
      }
    },
  };
}
