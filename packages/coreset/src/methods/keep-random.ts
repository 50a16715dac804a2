import { permutation } from "@colm/array";
import { type Method, NOTHING } from "../method.ts";
import type { KeptOptions, MassOption } from "../small-sources-option.ts";
import { type SplitRule, splitKept } from "../split-kept.ts";
import { stepSeed } from "../step-seed.ts";

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
    choose({ pool, step, count, history }) {
      const { kept, overflowed, rest } = splitKept(pool, rule, count, step);
      const order = permutation(rest.length, { seed: stepSeed(rule.seed, step, "examples") });
      const drawn = order.subarray(0, count - kept.length).map((at) => rest[at]);
      return {
        rows: Int32Array.of(...kept, ...drawn),
        weights: new Float32Array(count).fill(1),
        history,
        kept: kept.length,
        overflowed,
      };
    },
  };
}
