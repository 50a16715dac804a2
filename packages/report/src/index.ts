export { type CompareOptions, compareGroups, type GroupComparison } from "./compare-groups.ts";
export {
  type EquivalentBatch,
  type EquivalentOptions,
  findEquivalentBatch,
} from "./equivalent-batch.ts";
export type { PairedDifference } from "./paired.ts";
export { type ReportOptions, renderReport } from "./render-report.ts";
export { parseRunRecord } from "./require-runs.ts";
export type {
  EvaluationRecord,
  MatchingRecord,
  RunRecord,
  Shown,
  SourceRecord,
  StepRecord,
} from "./run-record.ts";
export type { Estimate } from "./statistics.ts";
export type { ByMeasure } from "./summary.ts";
