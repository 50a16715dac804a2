import { describe, requireIndices, requireVector } from "@colm/array";
import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { embed } from "../blocks/embedding.ts";
import { gradientSum, zeroGradients } from "../blocks/gradient-sum.ts";
import type { Gradients } from "../blocks/parameter.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { backwardPass, recordBlocks } from "./backward.ts";
import { type BatchDropout, batchDropout, chosenDropout, type DropoutDraw } from "./batch-dropout.ts";
import { blockSetting } from "./forward.ts";
import { type PoolInputs, passRecords, requirePass } from "./pool-inputs.ts";
import { requireBatch, selectExamples, sequenceLengths } from "./require-batch.ts";
import { meanPerExample, shiftedTargets, type Targets } from "./targets.ts";

export interface LossOptions {
  /** Weight of each example taken, at least 0 and not all 0. Default: all equal. */
  readonly weights?: ArrayLike<number>;
  /** Keep block inputs alone and recompute inside each block on the way back: less memory, a second forward pass. */
  readonly checkpoint?: boolean;
  /** Examples of the batch to take, in this order. Default: all. */
  readonly rows?: Int32Array;
  /** The pool pass over this very batch, at these very parameters: the blocks start from its inputs instead of running again. */
  readonly pass?: PoolInputs;
  /**
   * Masks of the adapter's dropout, a function of (seed, step, example, adapter, position, entry) alone, so that rows, checkpoints and the
   * order of the batch change nothing; `false` for none. Must be given where the adapter has dropout, except with a `pass`
   * that has its own.
   */
  readonly dropout?: DropoutDraw | false;
  /**
   * Told where the pass turns, for whoever keeps a clock: `"forward"` before the blocks and before each chunk of logits, `"backward"` where
   * gradients begin. Blocks that are run again on the way back are part of `"backward"`. On back ends that compute
   * asynchronously it tells when work is handed over, not when it is done.
   */
  readonly onTurn?: (direction: "forward" | "backward") => void;
}

export interface LossAndGradients {
  /** Mean loss of each example taken over its labelled tokens, 0 where it has none. */
  readonly losses: Float32Array;
  /** Gradient by each trainable parameter, under its Hugging Face or PEFT name. The caller disposes of the tensors. */
  readonly gradients: Map<string, tf.Tensor>;
}

/**
 * Losses and the gradient of `sum_i w_i L_i / sum_i w_i`, `L_i` the mean loss of example `i` over its labelled tokens.
 *
 * @param model - Its trainable parameters get gradients; frozen ones cost none, and blocks below the lowest trainable
 *   parameter are not walked.
 * @param batch - Right-padded examples. Read, not kept.
 * @param options - Weights, rows of the batch, and what to keep of the forward pass.
 * @returns Losses in the order of the rows, and gradients that the caller owns.
 * @throws {RangeError} If the batch does not fit the model, a weight or row is out of range, or the adapter has dropout and no masks are
 *   chosen.
 * @remarks With `pass` the block inputs of the pool pass are taken (Nguyen et al., "Mini-batch Coresets for
 *   Memory-efficient Language Model Training on Data Mixtures", ICLR 2025, describe the two passes; starting the second
 *   one from the first is ours): bit for bit the gradients of `checkpoint`, without its forward pass.
 * @example
 * await chooseBackend("cpu");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 2, num_key_value_heads: 1, max_position_embeddings: 16, rms_norm_eps: 1e-5,
 *   tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = Int32Array.of(1, 2, 3);
 * const batch = { inputIds: ids, attentionMask: Int32Array.of(1, 1, 1), labels: ids, shape: [1, 3] };
 * const { losses, gradients } = await lossAndGradients(model, batch);
 * losses.length; // => 1
 * gradients.get("model.norm.weight").shape; // => [4]
 */
export async function lossAndGradients(
  model: CausalLM,
  batch: Batch,
  options: LossOptions = {},
): Promise<LossAndGradients> {
  const { checkpoint = false, rows, pass, weights, dropout: draw, onTurn } = options;
  requireBatch("lossAndGradients", batch, model.config);
  if (rows) requireIndices("lossAndGradients", "rows", rows, batch.shape[0], false);
  if (pass) requireReusable(pass, batch, model.config.numHiddenLayers);
  const dropout = chosenDropout(passDropout(model, batch, pass, draw), rows);
  const chosen = rows ? selectExamples(batch, rows) : batch;
  const targets = shiftedTargets(chosen);
  const factors = targetFactors(targets, weights);
  const gradients: Gradients = new Map();
  if (targets.rows.length === 0) {
    zeroGradients(gradients, model.allParameters());
    return { losses: new Float32Array(chosen.shape[0]), gradients };
  }
  const losses = tf.tidy(() => {
    onTurn?.("forward");
    const setting = blockSetting(model.config, sequenceLengths(chosen), chosen.shape[1], dropout);
    const records = pass
      ? passRecords(pass, rows)
      : recordBlocks(
          model.weights,
          embed(model.weights, chosen.inputIds, chosen.shape[1]),
          setting,
          checkpoint,
        );
    const sum = gradientSum(gradients);
    return backwardPass(model.weights, records, chosen.inputIds, setting, targets, factors, sum, onTurn);
  });
  const perTarget = await losses.data();
  losses.dispose();
  return { losses: meanPerExample(perTarget, targets), gradients };
}

/** The dropout of a training step: that of its pool pass, or what was asked for. */
function passDropout(
  model: CausalLM,
  batch: Batch,
  pass: PoolInputs | undefined,
  draw: DropoutDraw | false | undefined,
): BatchDropout | undefined {
  if (!pass) return batchDropout("lossAndGradients", model, batch.shape[0], draw, true);
  if (draw) {
    throw new RangeError(
      'lossAndGradients: "dropout" must be absent beside "pass", which has the masks of its own',
    );
  }
  // a pass without masks under an adapter with dropout: only where dropout: false says so
  return pass.dropout ?? batchDropout("lossAndGradients", model, batch.shape[0], draw, true);
}

function requireReusable(pass: PoolInputs, batch: Batch, layers: number): void {
  requirePass("lossAndGradients", pass, batch);
  if (pass.hidden.length !== layers) {
    throw new RangeError(
      'lossAndGradients: "pass" must hold the inputs of all blocks, call forwardPool with keep: "all"',
    );
  }
}

/** Factor of each target's loss in the objective: `w_i / sum w / targets of i`. */
function targetFactors({ examples, counts }: Targets, weights: ArrayLike<number> | undefined): Float32Array {
  const size = counts.length;
  const given = weights ?? new Float64Array(size).fill(1);
  requireVector("lossAndGradients", "weights", given, size);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    if (given[i] < 0) {
      throw new RangeError(
        `lossAndGradients: "weights" must be at least 0, got ${describe(given[i])} at ${i}`,
      );
    }
    sum += given[i];
  }
  if (sum === 0) throw new RangeError('lossAndGradients: "weights" must not be all 0');
  return Float32Array.from(examples, (i) => given[i] / sum / counts[i]);
}
