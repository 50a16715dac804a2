import { permutation } from "@colm/array";
import { type Method, NOTHING } from "../method.ts";
import { stepSeed } from "../step-seed.ts";

/** Settings of the method `"random"`. */
export interface RandomOptions {
  readonly method: "random";
  /** Examples to choose, at least 1. */
  readonly budget: number;
  /** Integer in [0, 2^53): with the step it decides the draw. */
  readonly seed: number;
  /** Clock in milliseconds for the diagnostics; none by default. */
  readonly now?: () => number;
}

/** Uniform draws without replacement: the control of every claim. */
export function randomMethod({ seed }: { readonly seed: number }): Method {
  return {
    needs: NOTHING,
    every: 1,
    knownSources: undefined,
    choose({ pool, step, count, history }) {
      const order = permutation(pool.positions.length, { seed: stepSeed(seed, step, "examples") });
      return {
        rows: order.slice(0, count),
        weights: new Float32Array(count).fill(1),
        history,
        kept: 0,
        overflowed: 0,
      };
    },
  };
}
