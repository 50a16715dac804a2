/** The parts of a selection that hold arrays or take time. */
export type Stage = "features" | "kernel" | "choice" | "history" | "memory";

/** One number for each stage that took place. */
export type ByStage = { readonly [stage in Stage]?: number };

/** Where the stages ran that were left to kernels. */
export type ModeByStage = { readonly [stage in Stage]?: string };

/** A record of stages, filled while a selection goes on. */
export interface Stages {
  /** Does `work` and records its bytes, and its milliseconds where there is a clock. */
  run<Result>(stage: Stage, work: () => Result, bytesOf?: (result: Result) => number): Result;
  /** The same for work that kernels do, and where they did it. */
  runOn<Result>(
    kernels: { readonly mode: string },
    stage: Stage,
    work: () => Promise<Result>,
    bytesOf?: (result: Result) => number,
  ): Promise<Result>;
  readonly bytes: ByStage;
  /** Absent without a clock. */
  readonly milliseconds?: ByStage;
  /** Absent where there are no kernels. */
  readonly modes?: ModeByStage;
}

/** An empty record. Time comes from `now` alone: this library reads no clock of its own. */
export function recordStages(now: (() => number) | undefined, hasKernels: boolean): Stages {
  const bytes: { [stage in Stage]?: number } = {};
  const milliseconds: { [stage in Stage]?: number } = {};
  const modes: { [stage in Stage]?: string } = {};
  let inner = 0;
  const begin = (stage: Stage): ((made: number | undefined) => void) => {
    const before = inner;
    inner = 0;
    const start = now?.() ?? 0;
    return (made) => {
      const elapsed = (now?.() ?? 0) - start;
      if (made !== undefined) bytes[stage] = (bytes[stage] ?? 0) + made;
      // a stage within another one counts for itself alone
      milliseconds[stage] = (milliseconds[stage] ?? 0) + elapsed - inner;
      inner = before + elapsed;
    };
  };
  return {
    run(stage, work, bytesOf) {
      const end = begin(stage);
      const result = work();
      end(bytesOf?.(result));
      return result;
    },
    async runOn(kernels, stage, work, bytesOf) {
      const end = begin(stage);
      const result = await work();
      modes[stage] = kernels.mode;
      end(bytesOf?.(result));
      return result;
    },
    bytes,
    ...(hasKernels && { modes }),
    ...(now && { milliseconds }),
  };
}
