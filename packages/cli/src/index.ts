export { type ComparedRun, type Comparison, compareRuns } from "./compare-runs.ts";
export { errorLine, isInputError } from "./input-error.ts";
export type { Command, Io, Pipe } from "./io.ts";
export { main } from "./main.ts";
export { processIo } from "./process-io.ts";
export type { Output } from "./progress.ts";
export { type RunHeader, type RunRecorder, recordRun } from "./record-run.ts";
export { freeFolder } from "./run-folder.ts";
