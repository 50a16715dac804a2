import type { AdamNormalizer, AdamState } from "@colm/adam-normalize";
import { describe, type Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";

/**
 * The costly parts of a selection, as something else computes them: what `createKernels` of `@colm/kernels` returns, or any
 * object with these functions. Results are those of the functions on the CPU, up to rounding.
 */
export interface SelectionKernels {
  /** Where the latest call ran; it stands in the diagnostics. */
  readonly mode: string;
  /** `[n, n]` distances of all pairs of rows; `1 - cos` for `"cosine"`. */
  pairwise(points: Matrix, metric: "l1" | "l2" | "cosine"): Promise<Matrix>;
  /** `[n, n]` scalar products of all pairs of rows. */
  gram(points: Matrix): Promise<Matrix>;
  /** The stream of `@colm/adam-normalize`: normalise, rank, gather. Without it that one runs on the CPU. */
  normalizedFeatures?(
    state: AdamState,
    gradients: Matrix | DirectionalGradients,
    options: { keep: number; groups?: ArrayLike<number>; normalizer: AdamNormalizer },
  ): Promise<Matrix>;
}

/** Requires the functions, or nothing at all. */
export function requireKernels(kernels: unknown): asserts kernels is SelectionKernels | undefined {
  if (kernels === undefined) return;
  const hasBoth = ["pairwise", "gram"].every(
    (name) =>
      typeof kernels === "object" && kernels !== null && typeof Reflect.get(kernels, name) === "function",
  );
  if (hasBoth) return;
  throw new TypeError(
    `createSelector: "kernels" must have the functions pairwise and gram, got ${describe(kernels)}`,
  );
}
