export type { Boundary, BoundaryOptions, BoundaryRule } from "./boundary.ts";
export { type ClusteredSources, type ClusterOptions, clusterSources } from "./cluster-sources.ts";
export {
  type Alternative,
  type BoundaryReport,
  explainBoundary,
  type SourceReport,
} from "./explain-boundary.ts";
export { type QuotaOptions, quotas } from "./quotas.ts";
export {
  type RunningCounts,
  type RunningCountsOptions,
  type RunningCountsState,
  runningCounts,
  type ThresholdOptions,
} from "./running-counts.ts";
export { smallSources } from "./small-sources.ts";
export { type OverflowOptions, trimKept } from "./trim-kept.ts";
