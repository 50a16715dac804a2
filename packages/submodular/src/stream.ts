import {
  requireFunction,
  requireOptions,
  requirePositive,
  requireShare,
  wrongKind,
  wrongValue,
} from "@colm/array";
import type { Abort } from "./abort.ts";

/** A growing summary of a stream: what a sieve needs to know of a function. `f.start()` of a set function is one. */
export interface StreamEvaluator<T> {
  /** f(S + item) - f(S), f({}) = 0. */
  gain(item: T): number;
  /** Adds an item to `S`. */
  add(item: T): void;
}

/** What a stream was reduced to. Fresh, owned by the caller. */
export interface Summary<T> {
  /** The items kept, in the order of their arrival. */
  items: T[];
  /** What each added when it was kept. */
  gains: Float64Array;
  /** Their sum. */
  value: number;
  /** No `count` items of the stream have a larger value. */
  upperBound: number;
  /** How many items were seen. */
  seen: number;
}

/** Settings of {@link sieveStreaming} and {@link threeSieves}. */
export interface SieveOptions {
  /** At most this many items are kept, an integer of at least 1. */
  readonly count: number;
  /** Neighbouring thresholds differ by the factor `1 + epsilon`; in [0.0001, 1), 0.1 by default. */
  readonly epsilon?: number;
  /** Looked at before each item; when aborted its reason is thrown. */
  readonly signal?: Abort;
  /** Told after each item how many were seen. */
  readonly onProgress?: (seen: number) => void;
}

/** Finer thresholds would be millions. */
const LEAST = 1e-4;

/** Requires the arguments of a sieve. */
export function requireSieve(caller: string, stream: unknown, start: unknown, options: SieveOptions): void {
  if (!(Object(stream)[Symbol.asyncIterator] ?? Object(stream)[Symbol.iterator])) {
    throw wrongKind(caller, "stream", "be iterable", stream);
  }
  requireFunction(caller, "start", start);
  requireOptions(caller, options);
  const { count, epsilon = LEAST } = options;
  requirePositive(caller, "count", count);
  requireShare(caller, "epsilon", epsilon);
  if (epsilon < LEAST) throw wrongValue(caller, "epsilon", `be at least ${LEAST}`, epsilon);
}

/** A summary on its way. */
export interface Sieve<T> {
  readonly size: number;
  readonly value: number;
  /** The gain of an item, the `seen`-th of its stream. */
  gain(item: T, seen: number): number;
  keep(item: T, gain: number): void;
  /** The summary, no further from the best `count` items than `bound` says. */
  finish(seen: number, bound: number): Summary<T>;
}

/** An empty summary. */
export function openSieve<T>(caller: string, start: () => StreamEvaluator<T>): Sieve<T> {
  const evaluator = start();
  const items: T[] = [];
  const gains: number[] = [];
  let value = 0;
  return {
    get size() {
      return items.length;
    },
    get value() {
      return value;
    },
    gain(item, seen) {
      const gain = evaluator.gain(item);
      if (typeof gain !== "number" || !(gain < Number.POSITIVE_INFINITY)) {
        throw new RangeError(`${caller}: gains must be numbers below Infinity, got ${gain} at item ${seen}`);
      }
      return gain;
    },
    keep(item, gain) {
      evaluator.add(item);
      items.push(item);
      gains.push(gain);
      value += gain;
    },
    finish: (seen, bound) => {
      const upperBound = Math.max(value, bound * SLACK);
      return { items, gains: Float64Array.from(gains), value, upperBound, seen };
    },
  };
}

/** Bounds are raised by this much, so that the rounding of gains and thresholds cannot make them too low. */
const SLACK = 1 + 2 ** -23;
