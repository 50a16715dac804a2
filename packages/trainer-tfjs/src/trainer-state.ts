import { describe } from "@colm/array";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { LogEntry, RunIdentity, RunProgress, RunState } from "./run-state.ts";

/** What `trainer_state.json` holds beside Hugging Face's keys. */
export interface OwnState {
  readonly identity: Partial<Record<keyof RunIdentity, unknown>>;
  readonly waited: number;
  readonly due: boolean;
  /** SHA-256 of each other file of the checkpoint, in hexadecimal. */
  readonly files: Readonly<Record<string, string>>;
}

/** A parsed `trainer_state.json`. */
export interface ParsedTrainerState extends OwnState {
  readonly step: number;
  readonly progress: RunProgress;
}

/** The contents of `trainer_state.json`: the keys of Hugging Face's `TrainerState`, and this project's under `colm`. */
export function trainerStateFields(
  { step, progress, due }: RunState,
  identity: RunIdentity,
  files: Readonly<Record<string, string>>,
  options: ResolvedOptions,
): object {
  const { best, waited, log } = progress;
  const { outputDir, evalSteps, loggingSteps, saveSteps, maxSteps, pool, perDeviceTrainBatchSize } = options;
  return {
    best_global_step: best?.step ?? null,
    best_metric: best?.metric ?? null,
    best_model_checkpoint: best && outputDir !== undefined ? `${outputDir}/checkpoint-${best.step}` : null,
    epoch: (step * pool) / identity.examples,
    eval_steps: evalSteps ?? maxSteps,
    global_step: step,
    is_hyper_param_search: false,
    is_local_process_zero: true,
    is_world_process_zero: true,
    log_history: log,
    logging_steps: loggingSteps,
    max_steps: maxSteps,
    num_train_epochs: Math.ceil((maxSteps * pool) / identity.examples),
    save_steps: saveSteps,
    stateful_callbacks: {},
    train_batch_size: perDeviceTrainBatchSize,
    trial_name: null,
    trial_params: null,
    colm: { ...identity, waited, due, files },
  };
}

/** Position, progress and identity from the contents of `trainer_state.json`. */
export function parseTrainerState(value: unknown): ParsedTrainerState {
  if (isObject(value) && isNatural(value.global_step) && isObject(value.colm)) {
    const { waited = 0, due = false, files = {}, ...identity } = value.colm;
    if (isNatural(waited) && typeof due === "boolean" && isTexts(files)) {
      return {
        step: value.global_step,
        identity,
        waited,
        due,
        files,
        progress: { best: bestOf(value), waited, log: logOf(value.log_history) },
      };
    }
  }
  throw new RangeError(
    'train: "resumeFromCheckpoint" must hold a trainer_state.json with global_step and colm',
  );
}

function bestOf({
  best_metric: metric,
  best_global_step: step,
}: Record<string, unknown>): RunProgress["best"] {
  return typeof metric === "number" && isNatural(step) ? { step, metric } : null;
}

function logOf(value: unknown): LogEntry[] {
  return Array.isArray(value) ? value.filter(isLogEntry) : [];
}

function isLogEntry(value: unknown): value is LogEntry {
  return isObject(value) && Object.values(value).every((entry) => typeof entry === "number");
}

/** What the first checkpoints did not say: there was one optimizer. */
const UNSAID = { optim: "adamw" };

/** What every checkpoint says; the rest is not held against those that do not. */
const ALWAYS: readonly string[] = ["seed", "pool", "budget", "method", "maxSteps", "examples", "optim"];

/** Throws at the first setting that differs between the run that wrote a checkpoint and the one that goes on. */
export function requireIdentity(
  path: string,
  written: Partial<Record<keyof RunIdentity, unknown>>,
  current: RunIdentity,
): void {
  for (const [key, value] of Object.entries(current)) {
    const before = Object.entries({ ...UNSAID, ...written }).find(([name]) => name === key)?.[1];
    if (before === value || (before === undefined && !ALWAYS.includes(key))) continue;
    if (key === "model") {
      throw new RangeError(
        `train: "model" must be the one that the checkpoint ${path} was made with, got other frozen weights`,
      );
    }
    throw new RangeError(
      `train: "${key}" must be ${describe(before)} as in the checkpoint ${path}, got ${describe(value)}`,
    );
  }
}

function isTexts(value: unknown): value is Record<string, string> {
  return isObject(value) && Object.values(value).every((entry) => typeof entry === "string");
}

/** Whether a value is a natural number. */
export function isNatural(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

/** Whether a value is an object with names. */
export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
