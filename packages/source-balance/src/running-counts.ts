import {
  describe,
  requireIndices,
  requireNatural,
  requireOptions,
  requireWeights,
  wrongValue,
} from "@colm/array";
import { type BoundaryOptions, drawBoundary } from "./boundary.ts";

/** Settings of {@link runningCounts}. */
export interface RunningCountsOptions {
  /** Examples after which what was seen before them counts half, above 0; by default everything counts alike for ever. */
  readonly halfLife?: number;
  /** Examples to see before any source is called small, a natural number; default 0. */
  readonly atLeast?: number;
}

/** What a stream has brought so far: a plain value that JSON and `structuredClone` keep whole. */
export interface RunningCountsState {
  /** Examples seen. */
  readonly seen: number;
  /** Count of each source id up to the largest seen; with a half-life, the decayed count, which stays above 0. */
  readonly counts: readonly number[];
}

/** Counts of a stream; nothing is kept between calls but the settings. */
export interface RunningCounts {
  /** Nothing seen. */
  init(): RunningCountsState;
  /** The state after more examples; `sources` holds the source of each, natural numbers. Reads only. */
  observe(state: RunningCountsState, sources: ArrayLike<number>): RunningCountsState;
  /**
   * Who is small by what was seen: {@link smallSources} of the counts, under a rule with a threshold. Sources that were never
   * seen are no part of it, and not small; none is before `atLeast` examples. A source that was seen once stays seen.
   */
  small(state: RunningCountsState, options?: ThresholdOptions): boolean[];
}

/** A rule that follows from the counts, such as `{ rule: "share", value: 0.05 }`. */
export type ThresholdOptions = Omit<BoundaryOptions, "rule"> & {
  readonly rule?: Exclude<BoundaryOptions["rule"], "explicit" | undefined>;
};

const MAX_SOURCES = 2 ** 16;

/**
 * Source sizes of a stream whose sizes are not known beforehand: `count_s = sum over examples of s of 2^(-age / halfLife)`, without
 * a half-life their number.
 *
 * @param options - `halfLife` in examples, for mixtures that drift; `atLeast`, for the first pools, whose counts say little.
 * @returns The functions.
 * @throws {TypeError | RangeError} If a setting is out of range; `observe` throws for ids that are no natural numbers below
 *   65,536, and all of them for states that they did not make.
 * @remarks Without a half-life, any way of cutting a stream into calls gives the same counts, exactly; with one, an example ages
 *   with the ones that come after it, so the cut does not matter either but for rounding. O(examples + sources) a call.
 * @example
 * const counter = runningCounts();
 * const state = counter.observe(counter.observe(counter.init(), [0, 0, 1]), [0, 2, 0]);
 * state.counts; // => [4, 1, 1]
 * counter.small(state); // => [false, true, true]
 */
export function runningCounts(options: RunningCountsOptions = {}): RunningCounts {
  requireOptions("runningCounts", options);
  const { halfLife, atLeast = 0 } = options;
  if (halfLife !== undefined && typeof halfLife !== "number") {
    throw new TypeError(`runningCounts: "halfLife" must be a number, got ${describe(halfLife)}`);
  }
  if (halfLife !== undefined && !(halfLife > 0 && halfLife < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`runningCounts: "halfLife" must be above 0 and finite, got ${halfLife}`);
  }
  requireNatural("runningCounts", "atLeast", atLeast);
  return {
    init: () => ({ seen: 0, counts: [] }),
    observe(state, sources) {
      requireState("observe", state, halfLife);
      requireIndices("observe", "sources", sources, MAX_SOURCES, false);
      const added = sources.length;
      // a decayed count never reaches 0, which stands for a source that was never seen
      const faded = (count: number, age: number): number =>
        halfLife === undefined ? count : Math.max(count * 2 ** (-age / halfLife), Number.MIN_VALUE);
      const counts = state.counts.map((count) => (count === 0 ? 0 : faded(count, added)));
      for (let i = 0; i < added; i++) {
        while (counts.length <= sources[i]) counts.push(0);
        counts[sources[i]] += faded(1, added - 1 - i);
      }
      return { seen: state.seen + added, counts };
    },
    small(state, rule) {
      requireState("small", state, halfLife);
      const there = state.counts.flatMap((count, source) => (count > 0 ? [source] : []));
      const small = new Array<boolean>(state.counts.length).fill(false);
      if (state.seen < atLeast || there.length === 0) return small;
      const drawn = drawBoundary(
        "small",
        there.map((source) => state.counts[source]),
        rule,
      ).small;
      for (const [at, source] of there.entries()) small[source] = drawn[at];
      return small;
    },
  };
}

function requireState(caller: string, state: RunningCountsState, halfLife: number | undefined): void {
  if (typeof state !== "object" || state === null || !Array.isArray(state.counts)) {
    throw new TypeError(`${caller}: "state" must be what init or observe returned, got ${describe(state)}`);
  }
  const { seen, counts } = state;
  requireNatural(caller, "state.seen", seen);
  if (counts.length > MAX_SOURCES) {
    throw wrongValue(caller, "state.counts", `have at most ${MAX_SOURCES} entries`, counts.length);
  }
  requireWeights(caller, "state.counts", counts, counts.length);
  const sum = counts.reduce((all, count) => all + count, 0);
  // decayed counts sum to less, up to the rounding of each observation
  if (halfLife === undefined ? sum !== seen : !(sum <= seen * (1 + ROUNDING))) {
    const most = halfLife === undefined ? "" : "at most ";
    throw wrongValue(caller, "state.counts", `sum to ${most}the ${seen} examples seen`, sum);
  }
}

/** Part by which the rounding of decayed counts may raise their sum, far above what it does. */
const ROUNDING = 1e-6;
