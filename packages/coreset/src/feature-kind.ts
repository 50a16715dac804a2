/**
 * What examples are compared by, from the cheapest up.
 *
 * `"static"`: `pool.features`, made once for the whole data set, such as `staticFeatures`; no model pass.
 * `"remembered"`: `pool.ids`; the features are sketches of the gradients that were last seen, kept in the state.
 * `"last-block"` and `"last-value"`: `pool.gradients`, exact ones of the last block or of its V projection.
 * `"spsa"`: `pool.gradients`, zeroth-order estimates.
 */
export type FeatureKind = "static" | "remembered" | "last-block" | "last-value" | "spsa";

export const FEATURE_KINDS: readonly FeatureKind[] = [
  "static",
  "remembered",
  "last-block",
  "last-value",
  "spsa",
];
