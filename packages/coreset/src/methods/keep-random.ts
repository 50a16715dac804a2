import { drawRows } from "../draw-rows.ts";
import { type Choice, type Method, NOTHING, type Round } from "../method.ts";
import type { KeptOptions, MassOption } from "../small-sources-option.ts";
import { type Split, type SplitRule, splitKept } from "../split-kept.ts";

/** Settings of the method `"keep-random"`. */
export interface KeepRandomOptions {
  readonly method: "keep-random";
  /** Examples to choose, at least 1. */
  readonly budget: number;
  /** Integer in [0, 2^53): with the step it decides the draw. */
  readonly seed: number;
  readonly sources: KeptOptions & MassOption;
  /** Clock in milliseconds for the diagnostics; none by default. */
  readonly now?: () => number;
}

/** Every example of a small source, and uniform draws from the others: what CoLM is without its selection. */
export function keepRandomMethod(rule: SplitRule & { readonly seed: number }): Method {
  return {
    needs: { ...NOTHING, sources: true },
    every: 1,
    knownSources: rule.small.length,
    choose(round) {
      const { pool, step, count, stages } = round;
      return stages.run("choice", () => fillAtRandom(splitKept(pool, rule, count, step), round, rule.seed));
    },
  };
}

/** The kept examples, and uniform draws from the others for what is left. */
export function fillAtRandom(
  { kept, overflowed, rest }: Split,
  { step, count, history }: Round,
  seed: number,
): Choice {
  const drawn = drawRows(rest, count - kept.length, seed, step);
  return {
    rows: Int32Array.of(...kept, ...drawn),
    weights: new Float32Array(count).fill(1),
    history,
    kept: kept.length,
    overflowed,
  };
}
