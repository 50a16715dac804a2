import type { SelectorState } from "@colm/coreset";
import type { AdamWState } from "./adamw.ts";

/** Everything that lives from update to update, beside the data's order: plain values. */
export interface RunState {
  /** Updates made so far; the next pool is the one of this number. */
  readonly step: number;
  /** Values of the trainable parameters. Read-only. */
  readonly parameters: ReadonlyMap<string, Float32Array>;
  readonly optimizer: AdamWState;
  readonly selector: SelectorState;
}

/** What must be the same when a run is resumed. */
export interface RunIdentity {
  readonly seed: number;
  readonly pool: number;
  readonly budget: number;
  readonly method: string;
  readonly maxSteps: number;
  /** Number of training examples. */
  readonly examples: number;
}
