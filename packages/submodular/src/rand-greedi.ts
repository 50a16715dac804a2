import {
  permutation,
  requireFunction,
  requireIndices,
  requireNatural,
  requireOptions,
  requirePositive,
  wrongValue,
} from "@colm/array";
import type { Abort } from "./abort.ts";
import { addInOrder } from "./add-in-order.ts";
import { bestOf } from "./best-of.ts";
import { maximize } from "./maximize.ts";
import { requireSetFunction } from "./require-set-function.ts";
import { restrict } from "./restrict.ts";
import type { Selection } from "./selection.ts";
import type { SubmodularFunction } from "./set-function.ts";

/** Settings of {@link randGreedi}. */
export interface RandGreediOptions {
  /** How many items to choose, an integer in `[0, size]`. */
  readonly count: number;
  /** Into how many parts the items are divided, at least 1. */
  readonly shards: number;
  /** Seed of the division, an integer in `[0, 2^53)`. */
  readonly seed: number;
  /**
   * Chooses up to `count` of the given items, here or on another thread; all shards are asked at once. By default
   * lazy greedy, here, one shard after the other.
   */
  readonly select?: (items: Int32Array, count: number) => ArrayLike<number> | Promise<ArrayLike<number>>;
  /** Looked at after each shard; when aborted its reason is thrown. */
  readonly signal?: Abort;
  /** Told after each shard how many are done. */
  readonly onProgress?: (done: number, shards: number) => void;
}

/**
 * Greedy in two rounds: on every part of a random division of the items, then on the union of what they chose. The
 * better of the union's choice and the best part's is returned.
 *
 * @param f - A submodular function on all items; the guarantee is for monotone ones.
 * @param options - How many to choose, how to divide, and who chooses from a part.
 * @returns The choice in the order it was made, its gains and value, and an upper bound from the union's round.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If `f` is not submodular, an option is out of range, or a shard chooses what it was not given.
 * @remarks RandGreeDi: Barbosa et al., "The power of randomization: distributed submodular maximization on massive
 * datasets" (2015): at least `(1 - 1/e) / 2` of the optimum in expectation. The bound is `f(S)` plus the `count`
 * largest gains at `S` among all items; at the empty set where `f` is not monotone.
 * @example
 * const f = modular([3, 1, 4, 1, 5, 9, 2, 6]);
 * const { value } = await randGreedi(f, { count: 3, shards: 2, seed: 1 });
 * value; // => 20
 */
export async function randGreedi(f: SubmodularFunction, options: RandGreediOptions): Promise<Selection> {
  const caller = "randGreedi";
  requireSetFunction(caller, "f", f);
  if (!f.submodular) throw wrongValue(caller, "f", "be submodular", "one that is not");
  requireOptions(caller, options);
  const { count, shards, seed, signal, onProgress } = options;
  requireNatural(caller, "count", count, f.size);
  requirePositive(caller, "shards", shards);
  requireNatural(caller, "seed", seed);
  const { select = (items: Int32Array, most: number) => greedyAmong(f, items, most, signal).indices } =
    options;
  requireFunction(caller, "select", select);
  const order = permutation(f.size, { seed });
  const parts = Array.from({ length: shards }, (_, s) => order.filter((_, t) => t % shards === s).sort());

  let done = 0;
  const choose = async (part: Int32Array): Promise<Int32Array> => {
    signal?.throwIfAborted();
    const items = await select(part.slice(), Math.min(count, part.length));
    requireGiven(part, items, count);
    onProgress?.(++done, shards);
    return Int32Array.from(items);
  };
  const chosen: Int32Array[] = [];
  // those of the caller go side by side; here one goes after the other
  if (options.select) chosen.push(...(await Promise.all(parts.map(choose))));
  else for (const part of parts) chosen.push(await choose(part));
  const union = Int32Array.from(new Set(chosen.flatMap((items) => Array.from(items)))).sort();
  const runs = [greedyAmong(f, union, Math.min(count, union.length), signal)];
  for (const items of chosen) runs.push(inOrder(f, items));
  const best = bestOf(runs);
  best.evaluations += f.size;
  best.upperBound = Math.max(best.value, boundAt(f, best, count));
  return best;
}

function greedyAmong(f: SubmodularFunction, items: Int32Array, count: number, signal?: Abort): Selection {
  const found = maximize(restrict(f, items), { count, method: "lazy", ...(signal && { signal }) });
  return { ...found, indices: found.indices.map((t) => items[t]) };
}

/** A given choice with its gains and value. */
function inOrder(f: SubmodularFunction, indices: Int32Array): Selection {
  const evaluator = f.start();
  const gains = addInOrder(evaluator, indices);
  const value = evaluator.value ?? f.value(indices);
  return { indices, gains, value, upperBound: Number.POSITIVE_INFINITY, evaluations: indices.length };
}

/**
 * What any `count` items can reach at most, seen from a choice: a run that ends before its first item. From nothing where
 * more items can be worth less.
 */
function boundAt(f: SubmodularFunction, { indices }: Selection, count: number): number {
  const initial = f.monotone ? indices : [];
  const most = Math.min(count, f.size - initial.length);
  return maximize(f, { count: most, initial, minGain: Number.POSITIVE_INFINITY }).upperBound;
}

function requireGiven(part: Int32Array, items: ArrayLike<number>, count: number): void {
  requireIndices("randGreedi", "select", items, (part.at(-1) ?? -1) + 1);
  for (let t = 0; t < items.length; t++) {
    if (!part.includes(items[t])) {
      throw wrongValue("randGreedi", "select", "choose from its items", items[t], t);
    }
  }
  if (items.length > count) {
    throw wrongValue("randGreedi", "select", `choose at most ${count}`, items.length);
  }
}
