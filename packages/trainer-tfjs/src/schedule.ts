import { check, checkInteger } from "./check-options.ts";

/** Learning rate of update `step`, counted from 0. */
export type Schedule = (step: number) => number;

/** Settings of a {@link Schedule}. */
export interface ScheduleOptions {
  /** The peak, at least 0. */
  readonly learningRate: number;
  /** Updates of the linear warm-up from 0, at least 0. Default 0. */
  readonly warmupSteps?: number;
}

/**
 * Constant after a linear warm-up, `lr(t) = peak min(1, t / warmup)`.
 *
 * @param options - The peak and the warm-up.
 * @returns The learning rate as a function of the update, counted from 0.
 * @throws {TypeError} If a setting is not a number.
 * @throws {RangeError} If a setting is outside its range.
 * @remarks `get_constant_schedule_with_warmup` of Hugging Face transformers.
 * @example
 * const rate = constantSchedule({ learningRate: 0.5, warmupSteps: 2 });
 * [0, 1, 2, 3].map(rate); // => [0, 0.25, 0.5, 0.5]
 */
export function constantSchedule(options: ScheduleOptions): Schedule {
  const { learningRate, warmupSteps = 0 } = options;
  checkSchedule("constantSchedule", learningRate, warmupSteps);
  return (step) => (step < warmupSteps ? (learningRate * step) / warmupSteps : learningRate);
}

/**
 * Linear decay to zero after a linear warm-up, `lr(t) = peak min(t / warmup, (steps - t) / (steps - warmup))`.
 *
 * @param options - The peak, the warm-up and `steps`, the number of updates of the whole run.
 * @returns The learning rate as a function of the update, counted from 0; 0 from update `steps` on.
 * @throws {TypeError} If a setting is not a number.
 * @throws {RangeError} If a setting is outside its range.
 * @remarks `get_linear_schedule_with_warmup` of Hugging Face transformers: the first update has rate 0
 * when there is a warm-up.
 * @example
 * const rate = linearSchedule({ learningRate: 1, warmupSteps: 2, steps: 6 });
 * [0, 1, 2, 3, 4, 5].map(rate); // => [0, 0.5, 1, 0.75, 0.5, 0.25]
 */
export function linearSchedule(options: ScheduleOptions & { readonly steps: number }): Schedule {
  const { learningRate, warmupSteps = 0, steps } = options;
  checkSchedule("linearSchedule", learningRate, warmupSteps);
  checkInteger("linearSchedule", "steps", steps, 1);
  return (step) => {
    if (step < warmupSteps) return (learningRate * step) / warmupSteps;
    return learningRate * Math.max(0, (steps - step) / Math.max(1, steps - warmupSteps));
  };
}

/**
 * Half a cosine to zero after a linear warm-up, `lr(t) = peak min(t / warmup, (1 + cos(pi (t - warmup) / (steps - warmup))) / 2)`.
 *
 * @param options - The peak, the warm-up and `steps`, the number of updates of the whole run.
 * @returns The learning rate as a function of the update, counted from 0; 0 from update `steps` on.
 * @throws {TypeError} If a setting is not a number.
 * @throws {RangeError} If a setting is outside its range.
 * @remarks Loshchilov & Hutter, "SGDR" (2017), eq. 5, one period; `get_cosine_schedule_with_warmup` of Hugging Face transformers.
 * @example
 * const rate = cosineSchedule({ learningRate: 1, steps: 4 });
 * [0, 2, 4].map((step) => Number(rate(step).toFixed(12))); // => [1, 0.5, 0]
 */
export function cosineSchedule(options: ScheduleOptions & { readonly steps: number }): Schedule {
  const { learningRate, warmupSteps = 0, steps } = options;
  checkSchedule("cosineSchedule", learningRate, warmupSteps);
  checkInteger("cosineSchedule", "steps", steps, 1);
  return (step) => {
    if (step < warmupSteps) return (learningRate * step) / warmupSteps;
    if (step >= steps) return 0;
    return (learningRate * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)))) / 2;
  };
}

function checkSchedule(caller: string, learningRate: number, warmupSteps: number): void {
  check(
    caller,
    "learningRate",
    learningRate,
    learningRate >= 0 && learningRate < Infinity,
    "a finite number of at least 0",
  );
  checkInteger(caller, "warmupSteps", warmupSteps, 0);
}
