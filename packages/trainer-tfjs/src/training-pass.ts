import { describe, type Matrix, requireChoice, requireOptions } from "@colm/array";
import type { Example } from "@colm/data";
import {
  type CausalLM,
  type DropoutDraw,
  lossAndGradients,
  type ModelWorkers,
  type PoolInputs,
  poolInputs,
} from "@colm/lm-tfjs";
import { accumulateGradients } from "./accumulate.ts";
import { breathe } from "./breathe.ts";
import { check, checkInteger } from "./check-options.ts";
import { floatData } from "./float-data.ts";
import { learnedTokens } from "./learned-tokens.ts";
import type { PassClock } from "./pass-clock.ts";
import { dropoutOf } from "./pool-walk.ts";
import { trainOnWorkers } from "./train-on-workers.ts";
import { freshPieces, type TrainingPiece } from "./training-pieces.ts";

/** Loss and gradient of one batch. */
export interface TrainingPass {
  /** The weighted mean of the examples' losses. */
  readonly loss: number;
  /** Tokens that are learned: of examples with a weight, with a label, and not the first of their example. */
  readonly tokens: number;
  /** The gradient of `loss` by each trainable parameter. */
  readonly gradients: Map<string, Float32Array>;
}

/** What the loss of a batch is a mean over. */
export type LossNormalization = "examples" | "tokens";

/** Settings of {@link trainingPass}. */
export interface TrainingPassOptions {
  /** Weight of each example, at least 0, not all 0; only their ratios matter. */
  readonly weights: ArrayLike<number>;
  /** Examples in one forward and backward pass. */
  readonly microBatchSize: number;
  /**
   * `"examples"` (default): `sum_i w_i L_i / sum_i w_i`, L_i the mean over the labelled tokens of example i, so that long
   * answers count like short ones. `"tokens"`: `sum_i w_i n_i L_i / sum_i w_i n_i`, the mean over all labelled tokens. A batch
   * without any labelled token has loss 0 and gradients of 0 either way.
   */
  readonly normalization?: LossNormalization | undefined;
  /** Keep block inputs alone and run each block again on the way back. Default false. */
  readonly checkpoint?: boolean | undefined;
  /**
   * Masks of the adapter's dropout: seed, update, and a number for each example, by default its place. Needed where the adapter
   * has dropout.
   */
  readonly dropout?: DropoutDraw | undefined;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/** What {@link trainOnPieces} needs beside {@link TrainingPassOptions}. */
export interface PiecesOptions extends Omit<TrainingPassOptions, "microBatchSize"> {
  /** Called before each micro-batch but the first. */
  readonly between?: (() => Promise<void>) | undefined;
  /** Threads that run the passes in the place of this one; not with pieces that have passes of their own, nor with `watch`. */
  readonly workers?: ModelWorkers | undefined;
  /** Told which way the pass goes. */
  readonly clock?: PassClock | undefined;
  /** Per-example gradients that somebody wants to see on the way, and who. Pieces with a pass of their own are not shown. */
  readonly watch?:
    | {
        readonly gradients: (model: CausalLM, inputs: PoolInputs) => Promise<Matrix>;
        readonly see: (members: readonly number[], gradients: Matrix) => void;
      }
    | undefined;
}

/**
 * Loss and gradient of a mean over a batch, in micro-batches.
 *
 * @param model - Only read.
 * @param examples - The batch, at least one example.
 * @param options - Weights, the size of a micro-batch, and what the mean is over.
 * @returns Fresh arrays; no tensor is left behind.
 * @throws {TypeError | RangeError} If no example has a weight, or an option is of the wrong kind or out of range.
 * @throws The signal's reason when it is aborted.
 * @remarks Normalised over the whole batch, so k micro-batches give the gradient of the batch in one up to float32 rounding,
 * whatever their sizes, and memory is that of the largest micro-batch.
 * @example
 * import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 16, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = [Int32Array.of(1, 2, 3, 4), Int32Array.of(5, 6, 7), Int32Array.of(1, 3, 5, 7), Int32Array.of(2, 4, 6)];
 * const examples = ids.map((inputIds) => ({ inputIds, labels: inputIds, source: "counting", truncated: 0 }));
 * const pass = await trainingPass(model, examples, { weights: [1, 1, 1, 1], microBatchSize: 2 });
 * pass.tokens; // => 10
 * pass.gradients.get("model.norm.weight").length; // => 8
 */
export async function trainingPass(
  model: CausalLM,
  examples: readonly Example[],
  options: TrainingPassOptions,
): Promise<TrainingPass> {
  requireOptions("trainingPass", options);
  const { microBatchSize, normalization = "examples", weights } = options;
  checkInteger("trainingPass", "microBatchSize", microBatchSize, 1);
  requireChoice("trainingPass", "normalization", normalization, ["examples", "tokens"]);
  if (Object(weights).length !== examples.length) {
    throw new RangeError(
      `trainingPass: "weights" must have ${examples.length} entries as "examples" has, got ${describe(weights)}`,
    );
  }
  for (const weight of Array.from(weights)) {
    check(
      "trainingPass",
      "weights",
      weight,
      weight >= 0 && weight < Infinity,
      "finite numbers of at least 0",
    );
  }
  return trainOnPieces(model, examples, freshPieces(examples, microBatchSize), options);
}

/** `trainingPass` on micro-batches that somebody else has cut. */
export async function trainOnPieces(
  model: CausalLM,
  examples: readonly Example[],
  pieces: Iterable<TrainingPiece>,
  options: PiecesOptions,
): Promise<TrainingPass> {
  const { normalization = "examples", checkpoint = false, dropout, signal, watch, between, clock } = options;
  const targets = examples.map((example, i) => (options.weights[i] > 0 ? learnedTokens(example) : 0));
  const tokens = targets.reduce((sum, count) => sum + count, 0);
  // without a label every loss is 0, whatever it is a mean over
  const isByTokens = normalization === "tokens" && tokens > 0;
  const weights = targets.map((count, i) => options.weights[i] * (isByTokens ? count : 1));
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (!(all > 0)) {
    throw new RangeError(`trainingPass: "weights" must leave something to learn from, got a sum of ${all}`);
  }
  if (options.workers) {
    return { ...(await trainOnWorkers(options.workers, pieces, { weights, all }, options)), tokens };
  }
  const sum = accumulateGradients();
  let loss = 0;
  let isFirst = true;
  for (const { members, batch, rows, pass } of pieces) {
    const part = Float64Array.from(members, (at) => weights[at]);
    const share = part.reduce((a, b) => a + b, 0) / all;
    if (share === 0) continue;
    if (!isFirst) await between?.();
    isFirst = false;
    clock?.turn("forward");
    await breathe(signal);
    const draw = pass ? undefined : dropoutOf(dropout, members);
    const own = watch && !pass ? poolInputs(model, batch, { ...(draw && { dropout: draw }) }) : undefined;
    const from = pass ?? own;
    try {
      if (watch && own) {
        clock?.turn("backward");
        watch.see(members, await watch.gradients(model, own));
        clock?.turn("forward");
      }
      const { losses, gradients } = await lossAndGradients(model, batch, {
        weights: part,
        checkpoint,
        ...(rows && { rows }),
        ...(clock && { onTurn: clock.turn }),
        ...(from ? { pass: from } : draw && { dropout: draw }),
      });
      try {
        sum.add(await floatData(gradients), share);
      } finally {
        for (const tensor of gradients.values()) tensor.dispose();
      }
      loss += losses.reduce((total, value, k) => total + (value * part[k]) / all, 0);
    } finally {
      own?.dispose();
    }
  }
  return { loss, tokens, gradients: sum.total() };
}
