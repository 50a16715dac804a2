export { createSelector } from "./create-selector.ts";
export { type FeatureAgreement, featureAgreement } from "./feature-agreement.ts";
export type { FeatureKind } from "./feature-kind.ts";
export {
  type FeatureMemory,
  type FeatureMemoryOptions,
  type FeatureMemoryState,
  featureMemory,
  type Recollection,
  type RememberedExample,
} from "./feature-memory.ts";
export type { MatchingErrors } from "./matching-error.ts";
export type { Needs, Recall } from "./method.ts";
export type { DefaultOptions } from "./methods/default.ts";
export type { KeepRandomOptions } from "./methods/keep-random.ts";
export type { OfficialOptions } from "./methods/official.ts";
export type { RandomOptions } from "./methods/random.ts";
export { overlap } from "./overlap.ts";
export type { Pool } from "./pool.ts";
export type { SelectionKernels } from "./selection-kernels.ts";
export type {
  Diagnostics,
  Estimates,
  SelectionResult,
  SelectionWarning,
  Selector,
  SelectorOptions,
  SelectorState,
} from "./selector.ts";
export type { KeptOptions, MassOption, SmallByCounts } from "./small-sources-option.ts";
export type { ByStage, ModeByStage, Stage } from "./stages.ts";
export { type StaticFeaturesOptions, staticFeatures } from "./static-features.ts";
export type {
  FeatureMethodName,
  FeatureMethodOptions,
  FeatureOptions,
  ScoreMethodName,
  ScoreMethodOptions,
  SubsetOptions,
} from "./subset-options.ts";
export type { Weighting } from "./subset-problem.ts";
