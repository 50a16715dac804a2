import { describe } from "@colm/array";
import { check, checkInteger } from "./check-options.ts";
import { compileExpression } from "./expression.ts";
import { constantSchedule, cosineSchedule, linearSchedule, type Schedule } from "./schedule.ts";

/** Settings of a run that concern its learning rate. */
export interface ScheduleSettings {
  /** Peak learning rate. Default 2e-4. */
  readonly learningRate?: number | undefined;
  /**
   * `"linear"` (default), `"cosine"` (both to 0 at the end) or `"constant"`, after the warm-up; or an expression in `step`
   * (from 0), `steps` and `epoch` (a fraction) that gives the factor of `learningRate`, such as
   * `"0.5 * (1 + cos(pi * step / steps))"`. An expression has no warm-up unless `warmupSteps` or `warmupRatio` is given.
   */
  readonly lrSchedulerType?: string | undefined;
  /** Share of the run that is warm-up, in [0, 1]. Default 0.03. */
  readonly warmupRatio?: number | undefined;
  /** Updates of warm-up, instead of `warmupRatio`. */
  readonly warmupSteps?: number | undefined;
}

/** A schedule's settings after their checks. */
export interface ScheduleRule {
  readonly type: string;
  readonly learningRate: number;
  readonly warmupSteps: number;
  readonly steps: number;
}

const NAMED: readonly string[] = ["linear", "cosine", "constant", "constant_with_warmup"];

/** Checks the numbers; an expression is compiled later, by {@link makeSchedule}. */
export function resolveSchedule(settings: ScheduleSettings, steps: number): ScheduleRule {
  const { learningRate = 2e-4, lrSchedulerType: type = "linear" } = settings;
  const holds = learningRate > 0 && learningRate < Infinity;
  check("train", "learningRate", learningRate, holds, "a finite number above 0");
  if (typeof type !== "string") {
    throw new TypeError(
      `train: "lrSchedulerType" must be "linear", "cosine", "constant" or an expression, got ${describe(type)}`,
    );
  }
  const { warmupRatio = NAMED.includes(type) ? 0.03 : 0 } = settings;
  check("train", "warmupRatio", warmupRatio, warmupRatio >= 0 && warmupRatio <= 1, "a number in [0, 1]");
  const { warmupSteps = Math.ceil(steps * warmupRatio) } = settings;
  checkInteger("train", "warmupSteps", warmupSteps, 0);
  return { type, learningRate, warmupSteps, steps };
}

/**
 * The schedule of a rule; an expression's text is compiled once, here.
 *
 * @param rule - From {@link resolveSchedule}.
 * @param stepsPerEpoch - Updates of one pass over the data, a fraction.
 * @throws {RangeError} If an expression cannot be read, or its rate is negative or not finite at a step of the run. Of runs of more than
 * 100000 steps that many are tried, evenly spaced; the schedule throws at the others.
 */
export async function makeSchedule(rule: ScheduleRule, stepsPerEpoch: number): Promise<Schedule> {
  const { type, learningRate, warmupSteps, steps } = rule;
  switch (type) {
    case "linear":
      return linearSchedule({ learningRate, warmupSteps, steps });
    case "cosine":
      return cosineSchedule({ learningRate, warmupSteps, steps });
    case "constant":
    case "constant_with_warmup":
      return constantSchedule({ learningRate, warmupSteps });
  }
  const factor = await compileExpression("lrSchedulerType", type, ["step", "steps", "epoch"]);
  const warm = constantSchedule({ learningRate, warmupSteps });
  const schedule = (step: number): number => {
    const rate = warm(step) * factor({ step, steps, epoch: step / stepsPerEpoch });
    const holds = rate >= 0 && rate < Infinity;
    check("train", `lrSchedulerType at step ${step}`, rate, holds, "a finite number of at least 0");
    return rate;
  };
  for (let step = 0; step < steps; step += Math.ceil(steps / 100_000)) schedule(step);
  return schedule;
}
