import { collate, type Example } from "@colm/data";
import { type CausalLM, type DropoutDraw, forwardPool, type PoolInputs, poolInputs } from "@colm/lm-tfjs";
import { breathe } from "./breathe.ts";
import { microBatches } from "./micro-batches.ts";

/** One micro-batch of a pool, run through the model; whoever holds it disposes of `inputs`. */
export interface HeldPass {
  /** Places in the pool of the micro-batch's examples, in its order. */
  readonly positions: readonly number[];
  readonly inputs: PoolInputs;
}

/** How {@link walkPool} cuts a pool and what it asks of each pass. */
export interface WalkOptions {
  /** Examples in one forward pass. */
  readonly microBatchSize: number;
  /** Which block inputs are computed for good. */
  readonly keep: "all" | "last";
  /** Whether the pass goes on to the losses. */
  readonly losses: boolean;
  /** Masks of the adapter's dropout, for passes that a training step starts from; nothing falls out without it. */
  readonly dropout?: DropoutDraw | undefined;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/** A pass over one micro-batch, with its losses where they were asked for. */
export interface VisitedPass extends HeldPass {
  readonly losses: Float32Array | undefined;
}

/**
 * Runs a pool through the model in micro-batches of examples of like length and shows each to `visit`, whose answer says
 * whether it stays.
 *
 * @returns The passes that stay, in order. When anything fails all of them are freed.
 */
export async function walkPool(
  model: CausalLM,
  examples: readonly Example[],
  { microBatchSize, keep, losses, dropout, signal }: WalkOptions,
  visit: (pass: VisitedPass) => Promise<boolean>,
): Promise<HeldPass[]> {
  const held: HeldPass[] = [];
  const lengths = examples.map(({ inputIds }) => inputIds.length);
  try {
    for (const positions of microBatches(lengths, microBatchSize)) {
      await breathe(signal);
      const batch = collate(positions.map((at) => examples[at]));
      const draw = dropoutOf(dropout, positions);
      const options = { keep, ...(draw && { dropout: draw }) };
      const inputs = losses
        ? await forwardPool(model, batch, options)
        : { ...poolInputs(model, batch, options), losses: undefined };
      held.push({ positions, inputs });
      if (await visit({ positions, inputs, losses: inputs.losses })) continue;
      held.pop();
      inputs.dispose();
    }
  } catch (error) {
    freePasses(held);
    throw error;
  }
  return held;
}

/** The draw for some of the examples. */
export function dropoutOf(
  draw: DropoutDraw | undefined,
  positions: readonly number[],
): DropoutDraw | undefined {
  if (draw === undefined) return undefined;
  const { examples } = draw;
  return { ...draw, examples: positions.map((at) => examples?.[at] ?? at) };
}

/** Frees passes; those that are free already stay so. */
export function freePasses(passes: readonly HeldPass[]): void {
  for (const { inputs } of passes) inputs.dispose();
}
