import { describe, requireIndices, requireNatural } from "@colm/array";
import type { Abort } from "./abort.ts";
import { cardinality } from "./cardinality.ts";
import { exactGreedy } from "./exact-greedy.ts";
import type { Problem } from "./greedy.ts";
import { lazyGreedy } from "./lazy-greedy.ts";
import type { Selection } from "./selection.ts";
import type { SetFunction, SubmodularFunction } from "./set-function.ts";
import { requireTies, type Ties } from "./ties.ts";

/** Settings of {@link maximize}. */
export interface MaximizeOptions {
  /** How many items to choose besides the initial ones, an integer in `[0, size - initial.length]`. */
  readonly count: number;
  /**
   * `"exact"` (default) looks at every gain in each step; `"lazy"` re-evaluates the item with the largest
   * outdated gain only, and needs a submodular function.
   */
  readonly method?: "exact" | "lazy";
  /** Which of equally good items goes first; `"low"` by default. */
  readonly ties?: Ties;
  /** Items that are in the set from the start; none by default. */
  readonly initial?: ArrayLike<number>;
  /** The run ends before an item whose gain is smaller; `-Infinity` by default. */
  readonly minGain?: number;
  /** Looked at before each choice; when aborted its reason is thrown. */
  readonly signal?: Abort;
}

/**
 * Greedy maximisation, `S_{t+1} = S_t + argmax_j f(S_t + j) - f(S_t)`.
 *
 * @param f - The function. For a monotone submodular one the result is at least `1 - (1 - 1/k)^k` of the
 * optimum.
 * @param options - How many items, and how to find them.
 * @returns The choice, its gains, its value, and an upper bound on the value of every feasible choice.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If `count`, `method`, `ties`, `initial` or `minGain` is out of range, if `"lazy"` is
 * asked for a function that is not submodular, or if a gain is NaN.
 * @remarks Nemhauser, Wolsey & Fisher (1978); lazy evaluation by Minoux (1978). `"lazy"` with ties `"low"`
 * chooses what `"exact"` does; with ties `"high"` it accepts an item as soon as its new gain is no smaller than
 * the next bound, as submodlib's LazyGreedy does. The bound is the smallest seen, over steps, of `f(S_t)` plus
 * the `count` largest gains at `S_t`; the gains' part is raised by `2^-23` to cover float32 differences.
 * @example
 * const f = facilityLocation(matrix(Float32Array.of(1, 0.5, 0, 0.5, 1, 0, 0, 0, 1), 3, 3));
 * const { indices, gains, value } = maximize(f, { count: 2 });
 * indices; // => Int32Array [0, 2]
 * gains; // => Float64Array [1.5, 1]
 * value; // => 2.5
 */
export function maximize(f: SubmodularFunction, options: MaximizeOptions): Selection;
export function maximize(f: SetFunction, options: MaximizeOptions & { readonly method?: "exact" }): Selection;
export function maximize(f: SetFunction, options: MaximizeOptions): Selection {
  const { count, method = "exact", ties = "low", initial = [] } = options;
  const { minGain = Number.NEGATIVE_INFINITY, signal } = options;
  requireIndices("maximize", "initial", initial, f.size);
  requireNatural("maximize", "count", count, f.size - initial.length);
  requireTies("maximize", ties);
  requireMinGain(minGain);
  signal?.throwIfAborted();
  const constraint = cardinality(f.size, count, initial);
  const problem: Problem = { f, initial, constraint, ties, minGain, signal };
  if (method === "exact") return exactGreedy(problem, count);
  if (method === "lazy" && f.submodular) return lazyGreedy(problem);
  throw new RangeError(
    f.submodular
      ? `maximize: "method" must be "exact" or "lazy", got ${describe(method)}`
      : `maximize: "method" must be "exact" for a function that is not submodular, got ${describe(method)}`,
  );
}

function requireMinGain(value: unknown): void {
  if (typeof value !== "number") {
    throw new TypeError(`maximize: "minGain" must be a number, got ${describe(value)}`);
  }
  if (Number.isNaN(value)) throw new RangeError(`maximize: "minGain" must be a number, got NaN`);
}
