import { check, checkInteger } from "./check-options.ts";

/** What one step costs. */
export interface StepCostOptions {
  /** Examples of the pool, n. */
  readonly pool: number;
  /** Examples trained on, b. */
  readonly budget: number;
  /** Backward pass per forward pass, B / F: 1 with LoRA, 2 where every weight is trained. Default 1. */
  readonly backwardRatio?: number;
  /** Whether the training step runs each block a second time on the way back. Default true. */
  readonly checkpointing?: boolean;
  /** Whether the selection makes a forward pass over the pool. Default true. */
  readonly pass?: boolean;
  /** Whether the training step starts from that pass. Default false. */
  readonly reuse?: boolean;
}

/**
 * Cost of a step in forward passes of one example, features apart: `n F + b (F + B)`, with one more `b F` for checkpointing that
 * reuse saves, and without `n F` where no pass is made.
 *
 * @param options - Sizes and switches.
 * @returns The cost with F = 1; `stepCost({ pool: n, budget: n, pass: false })` is that of a full batch.
 * @throws {TypeError | RangeError} If a number is out of range.
 * @remarks The arithmetic alone: no transfers, padding or bookkeeping. Say it beside what was measured, never instead of it.
 * @example
 * const full = stepCost({ pool: 128, budget: 128, pass: false });
 * stepCost({ pool: 128, budget: 64, reuse: true }) / full; // => 0.6666666666666666
 */
export function stepCost(options: StepCostOptions): number {
  const { pool, budget, backwardRatio = 1, checkpointing = true, pass = true, reuse = false } = options;
  checkInteger("stepCost", "pool", pool, 1);
  checkInteger("stepCost", "budget", budget, 1, pool);
  check("stepCost", "backwardRatio", backwardRatio, backwardRatio >= 0, "a number of at least 0");
  // with reuse the blocks are recomputed on the way back, but nothing is run before
  const forwards = checkpointing && !(pass && reuse) ? 2 : 1;
  return (pass ? pool : 0) + budget * (forwards + backwardRatio);
}
