export type { EvaluationRecord, RunRecord, Shown, SourceRecord, StepRecord } from "./run-record.ts";
