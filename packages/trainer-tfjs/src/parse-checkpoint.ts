import { describe } from "@colm/array";
import type { SelectorState } from "@colm/coreset";
import type { ClusterState } from "./run-state.ts";
import { isNatural, isObject } from "./trainer-state.ts";

/** The selector's state from the contents of `selector.json`. */
export function parseSelectorState(path: string, value: unknown): SelectorState {
  if (isSelectorState(value)) return value;
  throw new RangeError(
    `train: "resumeFromCheckpoint" must hold a selector state, got ${describe(value)} in ${path}`,
  );
}

function isSelectorState(value: unknown): value is SelectorState {
  if (!isObject(value) || !isNatural(value.step)) return false;
  if (value.memory !== undefined && !(isObject(value.memory) && Array.isArray(value.memory.examples)))
    return false;
  return value.history === null || (isObject(value.history) && isNatural(value.history.step));
}

/** The sources of a run from the contents of `clusters.json`. */
export function parseClusters(path: string, value: unknown, examples: number): ClusterState {
  if (isObject(value) && isNatural(value.step) && value.labels instanceof Int32Array) {
    const { step, labels } = value;
    if (labels.length === examples && labels.every((label) => label >= 0)) return { step, labels };
  }
  throw new RangeError(
    `train: "resumeFromCheckpoint" must hold a source for each of ${examples} examples, got ${describe(value)} in ${path}`,
  );
}
