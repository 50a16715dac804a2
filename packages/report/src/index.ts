export { type ReportOptions, renderReport } from "./render-report.ts";
export { parseRunRecord } from "./require-runs.ts";
export type { EvaluationRecord, RunRecord, Shown, SourceRecord, StepRecord } from "./run-record.ts";
