import { describe, requireNatural } from "@colm/array";
import type { Dropout } from "../blocks/dropout.ts";
import type { CausalLM } from "../model/causal-lm.ts";

/** Which masks a pass draws for the dropout of a LoRA adapter: the same draw falls out alike wherever it is computed again. */
export interface DropoutDraw {
  /** Integer in [0, 2^53). */
  readonly seed: number;
  /** The update, an integer in [0, 2^32). */
  readonly step: number;
  /** Number of each example of the batch, integers in [0, 2^32). Default: their rows, 0, 1, 2, … */
  readonly examples?: ArrayLike<number>;
}

/** A checked draw: its probability, and one number for each example. */
export interface BatchDropout extends Omit<Dropout, "examples" | "positions"> {
  readonly examples: Int32Array;
}

/**
 * The dropout of a pass over `size` examples, undefined where nothing falls out.
 *
 * @param draw - What the caller gave; `false` for a pass without dropout.
 * @param required - Whether a model whose adapter has dropout asks for a draw (or `false`): training must not forget it in silence.
 */
export function batchDropout(
  caller: string,
  { lora }: CausalLM,
  size: number,
  draw: DropoutDraw | false | undefined,
  required: boolean,
): BatchDropout | undefined {
  const probability = lora?.dropout ?? 0;
  if (draw === undefined && required && probability > 0) {
    throw new RangeError(
      `${caller}: "dropout" must be { seed, step }, or false to leave it out: the adapter has dropout ${probability}, got undefined`,
    );
  }
  if (draw === undefined || draw === false) return undefined;
  const { seed, step, examples } = draw;
  requireNatural(caller, "dropout.seed", seed);
  requireNatural(caller, "dropout.step", step, 2 ** 32 - 1);
  if (examples && examples.length !== size) {
    throw new RangeError(
      `${caller}: "dropout.examples" must have ${size} entries, got ${describe(examples)}`,
    );
  }
  const numbers = Int32Array.from({ length: size }, (_, i) => {
    const number = examples ? examples[i] : i;
    requireNatural(caller, "dropout.examples", number, 2 ** 32 - 1);
    return number;
  });
  return probability === 0 ? undefined : { probability, seed, step, examples: numbers };
}

/** The draw for some examples of the batch. */
export function chosenDropout(
  dropout: BatchDropout | undefined,
  rows: Int32Array | undefined,
): BatchDropout | undefined {
  if (!dropout || !rows) return dropout;
  return { ...dropout, examples: rows.map((row) => dropout.examples[row]) };
}

/** The same for each row `b tokens + t` of the activations. */
export function rowDropout({ examples, ...rest }: BatchDropout, tokens: number): Dropout {
  const rows = examples.length * tokens;
  return {
    ...rest,
    examples: Int32Array.from({ length: rows }, (_, row) => examples[Math.floor(row / tokens)]),
    positions: Int32Array.from({ length: rows }, (_, row) => row % tokens),
  };
}
