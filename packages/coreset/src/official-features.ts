import {
  type AdamNormalizer,
  type AdamState,
  directionScalars,
  isFixedDirection,
  normalizedFeatures,
  sparsify,
} from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import { type DirectionalGradients, dense } from "@colm/spsa";

/** How gradients become features. */
export interface FeatureRule {
  /** Adam space, or the gradients as they are. */
  readonly normalizer: AdamNormalizer | undefined;
  /** `h`, coordinates kept for each source; all when undefined. */
  readonly keep: number | undefined;
}

/**
 * The features of every row: Adam-space gradients at the coordinates that the row's source keeps. On one fixed direction
 * they are `r_i sign(z)` with one number for each row, and that number is all that is computed: L1 and L2
 * distances are the same but for a factor, and every set of coordinates is as good as every other.
 */
export function officialFeatures(
  history: AdamState | null,
  gradients: DirectionalGradients | Matrix,
  sources: Int32Array,
  { normalizer, keep = gradientDimension(gradients) }: FeatureRule,
): Matrix {
  if (normalizer === undefined || history === null) {
    if (!("coefficients" in gradients)) return sparsify(gradients, { keep, groups: labels(sources) }).values;
    if (gradients.coefficients.shape[1] === 1) return gradients.coefficients;
    return sparsify(dense(gradients), { keep, groups: labels(sources) }).values;
  }
  if ("coefficients" in gradients && isFixedDirection(history, gradients)) {
    return directionScalars(history, gradients, { normalizer });
  }
  return normalizedFeatures(history, gradients, { keep, groups: labels(sources), normalizer });
}

/** `d`. */
export function gradientDimension(gradients: DirectionalGradients | Matrix): number {
  return "coefficients" in gradients ? gradients.dimension : gradients.shape[1];
}

/** Labels 0, 1, 2, ... for the sources that are there. */
function labels(sources: Int32Array): Int32Array {
  const seen = new Map<number, number>();
  return sources.map((source) => {
    const label = seen.get(source) ?? seen.size;
    seen.set(source, label);
    return label;
  });
}
