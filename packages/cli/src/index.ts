export type { Command, Io } from "./io.ts";
export { main } from "./main.ts";
export type { Output } from "./progress.ts";
export { type RunHeader, type RunRecorder, recordRun } from "./record-run.ts";
