import type { Constraint } from "./constraint.ts";
import type { SetFunction } from "./set-function.ts";

/**
 * An upper bound that every set on the way of a greedy run can tighten: for a submodular `f` and any `S`, no
 * feasible choice `A` reaches more than `f(S)` plus the largest feasible sum of gains at `S`.
 */
export interface Certificate {
  readonly upperBound: number;
  /** Tightens the bound with `f(S) = value` and the gains at `S`, or anything above them; 0 inside `S`. */
  tighten(value: number, gains: Float64Array): void;
}

/** Gains may be sums of float32 differences, each short of the true one by this much. */
const SLACK = 1 + 2 ** -23;

/** A certificate for the best feasible choice. Without submodularity it knows nothing. */
export function certify(
  f: Pick<SetFunction, "monotone" | "submodular">,
  constraint: Constraint,
): Certificate {
  let upperBound = Number.POSITIVE_INFINITY;
  let usable = f.submodular;
  return {
    get upperBound() {
      return upperBound;
    },
    tighten(value, gains) {
      if (!usable) return;
      upperBound = Math.min(upperBound, value + constraint.relax(gains) * SLACK);
      // f(A) <= f(A + S) needs monotonicity as soon as S holds items that A may lack
      usable = f.monotone;
    },
  };
}
