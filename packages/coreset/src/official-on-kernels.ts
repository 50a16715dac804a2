import { type AdamState, isFixedDirection } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import { type FeatureRule, gradientDimension, officialFeatures } from "./official-features.ts";
import type { SelectionKernels } from "./selection-kernels.ts";
import type { Stages } from "./stages.ts";

/**
 * The features of every row as `officialFeatures` gives them, by the kernels' stream where there is one to run: gradients in
 * Adam space that are not all on one direction. What is left is one number for each row, or a copy.
 */
export async function officialFeaturesOn(
  kernels: SelectionKernels,
  history: AdamState | null,
  gradients: DirectionalGradients | Matrix,
  sources: Int32Array,
  rule: FeatureRule,
  stages: Stages,
): Promise<Matrix> {
  const { normalizer, keep = gradientDimension(gradients) } = rule;
  const isStream =
    normalizer !== undefined &&
    history !== null &&
    !("coefficients" in gradients && isFixedDirection(history, gradients));
  if (!isStream || kernels.normalizedFeatures === undefined) {
    return stages.run("features", () => officialFeatures(history, gradients, sources, rule), bytesOf);
  }
  const stream = kernels.normalizedFeatures(history, gradients, { keep, groups: sources, normalizer });
  return stages.runOn(kernels, "features", () => stream, bytesOf);
}

/** Bytes of the entries. */
function bytesOf({ data }: Matrix): number {
  return data.byteLength;
}
