import { inputError } from "../input-error.ts";
import { type Fit, fitShape, type ShapeChoices } from "./fit-shape.ts";
import { type MeasureOptions, measureStepMemory, type StepMemory } from "./step-memory.ts";

/** A shape that fits into a process of so many bytes. */
export interface ChosenShape extends Fit {
  /** Bytes of the process beside the tensors of a step: the program, its buffers, the optimizer's arrays. */
  readonly beside: number;
}

/** A run of many steps leaves more to the garbage collector than the few that were measured: a fifth more on the models tried. */
const HEADROOM = 1.25;

/** Bytes of a worker thread before it has a model. */
const THREAD = 40e6;

/**
 * Chooses micro-batch, checkpointing and pool so that the whole process stays below `limit` bytes.
 *
 * @param options - How to measure; what of the settings may be chosen.
 * @param limit - Bytes of the process.
 * @throws {Error} If nothing fits: the least limit that would do is named. One line, for the user.
 * @remarks The tensors of a step are measured and extended linearly (`measureStepMemory`); everything else is what the process had at
 *   its largest while it was measured, less the tensors, and a quarter more. Each worker thread counts like another step. A garbage collector decides about it: this is no bound.
 */
export async function chooseShape(
  options: Omit<MeasureOptions, "checkpointing">,
  choices: ShapeChoices,
  limit: number,
): Promise<ChosenShape & { readonly limit: number }> {
  const { workers = 0 } = options.settings;
  const step = await measureStepMemory({ ...options, checkpointing: choices.checkpointing });
  // each worker may hold what one thread holds that makes the step alone
  const memory: StepMemory = {
    ...step,
    bytes: (shape) => (1 + workers) * step.bytes(shape) + workers * THREAD,
  };
  const beside = HEADROOM * Math.max(0, process.resourceUsage().maxRSS * 1024 - memory.measured);
  const { fits, shape, bytes } = fitShape(memory, choices, limit - beside);
  if (fits) return { shape, bytes: bytes + beside, beside, limit };
  const least = Math.ceil((bytes + beside) / 1e6);
  throw inputError(
    `--memory must be at least ${least} MB for this model and data (${Math.ceil(beside / 1e6)} MB of it beside the tensors), got ${Math.floor(limit / 1e6)} MB`,
  );
}

/** What was chosen, in words. */
export function shapeNote({ shape, bytes, limit }: ChosenShape & { readonly limit: number }): string {
  const { microBatch, checkpointing, pool } = shape;
  const how = checkpointing ? "with checkpointing" : "without checkpointing";
  return `memory: micro-batches of ${microBatch}, ${how}, pool ${pool}: about ${(bytes / 1e6).toFixed(0)} of ${(limit / 1e6).toFixed(0)} MB`;
}
