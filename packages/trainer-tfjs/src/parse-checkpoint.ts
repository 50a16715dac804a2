import { describe } from "@colm/array";
import type { SelectorState } from "@colm/coreset";
import type { RunIdentity } from "./run-state.ts";

/** Position and identity from the contents of `trainer_state.json`. */
export function parseTrainerState(value: unknown): {
  step: number;
  identity: Partial<Record<keyof RunIdentity, unknown>>;
} {
  if (isObject(value) && isNatural(value.global_step) && isObject(value.colm)) {
    return { step: value.global_step, identity: value.colm };
  }
  throw new RangeError(
    'train: "resumeFromCheckpoint" must hold a trainer_state.json with global_step and colm',
  );
}

/** Throws at the first setting that differs between the run that wrote a checkpoint and the one that goes on. */
export function requireIdentity(
  path: string,
  written: Partial<Record<keyof RunIdentity, unknown>>,
  current: RunIdentity,
): void {
  for (const [key, value] of Object.entries(current)) {
    const before = Object.entries(written).find(([name]) => name === key)?.[1];
    if (before !== value) {
      throw new RangeError(
        `train: "${key}" must be ${describe(before)} as in the checkpoint ${path}, got ${describe(value)}`,
      );
    }
  }
}

/** The selector's state from the contents of `selector.json`. */
export function parseSelectorState(path: string, value: unknown): SelectorState {
  if (isSelectorState(value)) return value;
  throw new RangeError(
    `train: "resumeFromCheckpoint" must hold a selector state, got ${describe(value)} in ${path}`,
  );
}

function isSelectorState(value: unknown): value is SelectorState {
  if (!isObject(value) || !isNatural(value.step)) return false;
  return value.history === null || (isObject(value.history) && isNatural(value.history.step));
}

function isNatural(value: unknown): value is number {
  return typeof value === "number" && Number.isInteger(value) && value >= 0;
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
