import { wrongValue } from "@colm/array";
import type { Abort } from "./abort.ts";
import { certify } from "./certificate.ts";
import type { Constraint } from "./constraint.ts";
import type { Selection } from "./selection.ts";
import type { Evaluator, SetFunction } from "./set-function.ts";
import type { Ties } from "./ties.ts";

/** What every greedy rule is given. */
export interface Problem {
  readonly f: SetFunction;
  readonly initial: ArrayLike<number>;
  readonly constraint: Constraint;
  /** Where given, items are compared by gain per cost. */
  readonly costs: ArrayLike<number> | undefined;
  readonly ties: Ties;
  readonly minGain: number;
  readonly signal: Abort | undefined;
  readonly onProgress: ((done: number, most: number) => void) | undefined;
}

/** A greedy run on its way: the growing set and what has been chosen. */
export interface Run {
  readonly evaluator: Evaluator;
  /** 1 for the items of the growing set. */
  readonly inside: Uint8Array;
  /** How many items were added. */
  readonly size: number;
  /** How many gains were computed; rules add to it. */
  evaluations: number;
  /** Tightens the upper bound with what gains from here on can be at most; clears those of items inside. */
  tighten(gains: Float64Array): void;
  /** Adds an open item, or says that its gain is too small. */
  choose(item: number, gain: number): boolean;
  /** Adds what an evaluator chooses that can climb, up to `most` items; says whether it found as many. */
  climb(most: number): boolean;
  finish(): Selection;
}

/** Starts a run. */
export function startRun(problem: Problem): Run {
  const { f, initial, constraint, ties, minGain, signal, onProgress } = problem;
  const evaluator = f.start(initial);
  const certificate = certify(f, constraint);
  const inside = new Uint8Array(f.size);
  for (let t = 0; t < initial.length; t++) inside[initial[t]] = 1;
  const items = new Int32Array(f.size);
  const gains = new Float64Array(f.size);
  let size = 0;
  let sum = evaluator.value ?? f.value(initial);
  const report = (): void => onProgress?.(size, constraint.capacity);
  const take = (item: number, gain: number): void => {
    constraint.take(item);
    inside[item] = 1;
    items[size] = item;
    gains[size++] = gain;
    sum += gain;
  };
  return {
    evaluator,
    inside,
    get size() {
      return size;
    },
    evaluations: 0,
    tighten(gains) {
      for (let j = 0; j < gains.length; j++) if (inside[j] === 1) gains[j] = 0;
      certificate.tighten(evaluator.value ?? sum, gains);
    },
    choose(item, gain) {
      if (gain < minGain || gain === Number.NEGATIVE_INFINITY) return false;
      signal?.throwIfAborted();
      evaluator.add(item);
      take(item, evaluator.added ?? gain);
      report();
      return true;
    },
    climb(most) {
      signal?.throwIfAborted();
      const found = evaluator.climb?.({ open: constraint.open, most, ties, minGain });
      if (found === undefined) return true;
      for (let t = 0; t < found.count; t++) take(found.items[t], found.gains[t]);
      this.evaluations += found.evaluations;
      report();
      return found.count === most;
    },
    finish() {
      const indices = items.slice(0, size);
      const value = evaluator.value ?? f.value([...Array.from(initial), ...indices]);
      return {
        indices,
        gains: gains.slice(0, size),
        value,
        upperBound: Math.max(value, certificate.upperBound),
        evaluations: this.evaluations,
      };
    },
  };
}

/** The gain of every item outside the set. */
export function fillGains(run: Run, gains: Float64Array): void {
  const { evaluator, inside } = run;
  if (evaluator.gains) {
    evaluator.gains(gains);
    return;
  }
  for (let j = 0; j < gains.length; j++) {
    if (inside[j] === 1) continue;
    gains[j] = requireGain(evaluator.gain(j), j);
    run.evaluations++;
  }
}

/** Refuses what would make a comparison meaningless. */
export function requireGain(gain: number, item: number): number {
  if (Number.isNaN(gain)) throw wrongValue("maximize", "f", "have numbers as gains", gain, item);
  return gain;
}
