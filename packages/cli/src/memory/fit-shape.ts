import type { StepMemory, StepShape } from "./step-memory.ts";

/** What may be chosen; what the user has set is a list of one. */
export interface ShapeChoices {
  readonly microBatches: readonly number[];
  readonly checkpointing: readonly boolean[];
  readonly pools: readonly number[];
}

/** A shape and the bytes that it is predicted to need. */
export interface Fit {
  readonly shape: StepShape;
  readonly bytes: number;
}

/**
 * The first shape that fits: the pool as large as it may be; without checkpointing where that fits with any micro-batch, since
 * checkpointing costs a forward pass and a small micro-batch little; then the largest micro-batch.
 *
 * @param limit - Bytes of tensors.
 * @returns The shape, or `fits: false` with the one that needs least.
 */
export function fitShape(
  memory: StepMemory,
  choices: ShapeChoices,
  limit: number,
): Fit & { readonly fits: boolean } {
  let least: Fit | undefined;
  for (const pool of choices.pools.toSorted((a, b) => b - a)) {
    for (const checkpointing of choices.checkpointing.toSorted((a, b) => Number(a) - Number(b))) {
      for (const microBatch of choices.microBatches.toSorted((a, b) => b - a)) {
        const shape = { pool, checkpointing, microBatch };
        const bytes = memory.bytes(shape);
        if (bytes <= limit) return { shape, bytes, fits: true };
        if (least === undefined || bytes < least.bytes) least = { shape, bytes };
      }
    }
  }
  if (least === undefined) throw new RangeError("fitShape: there must be at least one shape to choose from");
  return { ...least, fits: false };
}

/** `most`, and the powers of two below it. */
export function microBatchChoices(most: number): number[] {
  const sizes = [most];
  for (let size = 2 ** Math.floor(Math.log2(most)); size >= 1; size /= 2) if (size < most) sizes.push(size);
  return sizes;
}
