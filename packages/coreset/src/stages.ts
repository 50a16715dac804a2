/** The parts of a selection that hold arrays or take time. */
export type Stage = "features" | "kernel" | "choice" | "history" | "memory";

/** One number for each stage that took place. */
export type ByStage = { readonly [stage in Stage]?: number };

/** A record of stages, filled while a selection goes on. */
export interface Stages {
  /** Does `work` and records its bytes, and its milliseconds where there is a clock. */
  run<Result>(stage: Stage, work: () => Result, bytesOf?: (result: Result) => number): Result;
  readonly bytes: ByStage;
  /** Absent without a clock. */
  readonly milliseconds?: ByStage;
}

/** An empty record. Time comes from `now` alone: this library reads no clock of its own. */
export function recordStages(now: (() => number) | undefined): Stages {
  const bytes: { [stage in Stage]?: number } = {};
  const milliseconds: { [stage in Stage]?: number } = {};
  let inner = 0;
  return {
    run(stage, work, bytesOf) {
      const before = inner;
      inner = 0;
      const begin = now?.() ?? 0;
      const result = work();
      const elapsed = (now?.() ?? 0) - begin;
      if (bytesOf !== undefined) bytes[stage] = (bytes[stage] ?? 0) + bytesOf(result);
      // a stage within another one counts for itself alone
      milliseconds[stage] = (milliseconds[stage] ?? 0) + elapsed - inner;
      inner = before + elapsed;
      return result;
    },
    bytes,
    ...(now && { milliseconds }),
  };
}
