import type { AdamNormalizer, AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";

/** Per-example gradients, stored or as coefficients on directions. */
export type Gradients = Matrix | DirectionalGradients;

/** What the stream is asked, after its checks. */
export interface StreamProblem {
  readonly state: AdamState;
  readonly gradients: Gradients;
  /** Coordinates to keep for each group. */
  readonly keep: number;
  /** The group of each row, 0, 1, 2, ... */
  readonly groups: Int32Array;
  readonly normalizer: AdamNormalizer;
}

/** n, d and q; q is 0 for stored gradients. */
export function sizeOf(gradients: Gradients): { rows: number; dimension: number; directions: number } {
  if (!("coefficients" in gradients)) {
    const [rows, dimension] = gradients.shape;
    return { rows, dimension, directions: 0 };
  }
  const [rows, directions] = gradients.coefficients.shape;
  return { rows, dimension: gradients.dimension, directions };
}

/** The same question about the first rows and coordinates: a view of the gradients and of the history. */
export function firstPart(problem: StreamProblem, mostRows: number, mostCoordinates: number): StreamProblem {
  const { state, gradients, keep, groups } = problem;
  const size = sizeOf(gradients);
  const rows = Math.min(size.rows, mostRows);
  const dimension = Math.min(size.dimension, mostCoordinates);
  return {
    ...problem,
    keep: Math.min(keep, dimension),
    groups: groups.subarray(0, rows),
    gradients:
      "coefficients" in gradients
        ? { ...gradients, coefficients: gradients.coefficients.hi(rows, size.directions), dimension }
        : gradients.hi(rows, dimension),
    state:
      state.kind === "dense"
        ? { ...state, m: state.m.subarray(0, dimension), v: state.v.subarray(0, dimension) }
        : { ...state, dimension, direction: state.direction && { ...state.direction, dimension } },
  };
}
