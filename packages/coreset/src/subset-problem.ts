import type { Matrix } from "@colm/array";
import type { Metric } from "@colm/submodular";

/** How weights follow from a choice: all 1, by cluster sizes, or by matching the target as well as possible. */
export type Weighting = "uniform" | "cluster" | "matching";

/** What a method that compares features is asked: `count` of `candidates`, beside those that are kept anyhow. */
export interface SubsetProblem {
  /** `[n, d]`; rows below are rows of it. */
  readonly features: Matrix;
  /** The rows that `kernel` compares: those of `features`, about their mean where it is far and the method ignores it. */
  compared(): Matrix;
  /**
   * `[n, n]`, float32, row-major: how alike rows are, up to a positive factor; computed when it is first asked for, but by kernels
   * beforehand, for the methods that say so.
   */
  kernel(): Float32Array;
  /** The same for what weighs the choice: of the features themselves where weights match the target. */
  weighingKernel(): Float32Array;
  /** Rows that are in the choice already. */
  readonly kept: Int32Array;
  /** Rows to choose from, ascending. */
  readonly candidates: Int32Array;
  /** How many of them, at least 1 and below their number. */
  readonly count: number;
  /** The weight of each row in the mean that the choice should have; sum 1. */
  readonly target: Float64Array;
  /** A group of each row, and how many of each may be chosen, where there are shares. */
  readonly groups: Int32Array | undefined;
  readonly quotas: Int32Array | undefined;
  /** What draws at random, for methods that do. */
  readonly seed: number;
}

/** A way of choosing rows by their features. */
export interface SubsetMethod {
  /** How rows are compared unless the options say otherwise. */
  readonly metric: Metric;
  readonly weighting: Weighting;
  /** Whether it draws at random, and so needs a seed. */
  readonly draws: boolean;
  /** Whether it asks for `kernel`. */
  readonly comparesPairs: boolean;
  /** Whether it chooses the same, by scalar products and but for rounding, when all rows move by one vector. */
  readonly ignoresShift: boolean;
  /** The chosen rows in selection order: `count` different candidates. */
  choose(problem: SubsetProblem): ArrayLike<number>;
}

/** A way of choosing rows by one number for each. */
export interface ScoreMethod {
  /** The field of the pool that holds the numbers. */
  readonly reads: "losses" | "lengths" | "confidences";
  /** Which of the sorted numbers are taken; of equal ones the lower row first. */
  readonly takes: "lowest" | "highest" | "middle";
}

/** `kernel target`: how alike each row and the target are. */
export function alikeTarget(kernel: Float32Array, target: Float64Array): Float64Array {
  const size = target.length;
  const out = new Float64Array(size);
  for (let i = 0; i < size; i++) {
    let sum = 0;
    for (let j = 0, at = i * size; j < size; j++, at++) sum += kernel[at] * target[j];
    out[i] = sum;
  }
  return out;
}
