import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { takeRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import type { BlockRecord } from "./backward.ts";
import { type BatchDropout, batchDropout, type DropoutDraw } from "./batch-dropout.ts";
import { blockInput, blockInputs, blockSetting } from "./forward.ts";
import { requireBatch, sequenceLengths } from "./require-batch.ts";

/** A pool on its way through the model, up to the last block's input. It owns tensors: dispose of it when the step is over. */
export interface PoolInputs {
  /** The pool itself. */
  readonly batch: Batch;
  /** Inputs of the blocks, lowest first, each `[batch tokens, hidden]`; of the last block alone unless all were asked for. */
  readonly hidden: readonly tf.Tensor[];
  /** What fell out of the inputs of LoRA factors, if anything did. A training step from this pass drops the same. */
  readonly dropout?: BatchDropout;
  dispose(): void;
}

/** Which block inputs of a pool stay: `"all"`, where a training step can start from, or the `"last"`, enough for features. */
export interface PoolOptions {
  readonly keep?: "all" | "last";
  /** Masks of the adapter's dropout, for a training step that starts from the pass. Default: nothing falls out. */
  readonly dropout?: DropoutDraw;
}

/**
 * The part of the selection pass that every feature of the last block shares: everything below that block, once.
 *
 * @param model - Not changed. The result holds for its parameters as they are now.
 * @param batch - The pool. Kept by reference: do not write to it while the result lives.
 * @param options - `keep`: `"all"` block inputs (default; `lossAndGradients` can start from them) or the `"last"` one
 *   (enough for features; `[batch tokens, hidden]` instead of that times the layers). `dropout`: masks of the adapter's dropout.
 * @returns The block inputs; the caller disposes of them.
 * @throws {RangeError} If the batch does not fit the model.
 * @remarks Costs all blocks but the last. `forwardPool` goes on to the losses; zeroth-order features do not need those.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 2,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = Int32Array.of(1, 2, 3, 4);
 * const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
 * const inputs = poolInputs(model, batch);
 * inputs.hidden.map((x) => x.shape); // => [[4, 4], [4, 4]]
 * inputs.dispose();
 * model.dispose();
 */
export function poolInputs(model: CausalLM, batch: Batch, options: PoolOptions = {}): PoolInputs {
  return computeInputs("poolInputs", model, batch, options);
}

/** `poolInputs`, whose errors name `caller`. */
export function computeInputs(
  caller: string,
  model: CausalLM,
  batch: Batch,
  { keep = "all", dropout: draw }: PoolOptions,
): PoolInputs {
  const { weights, config } = model;
  requireBatch(caller, batch, config);
  if (keep !== "all" && keep !== "last") {
    throw new RangeError(`${caller}: "keep" must be "all" or "last", got ${JSON.stringify(keep)}`);
  }
  const dropout = batchDropout(caller, model, batch.shape[0], draw, false);
  const layers = config.numHiddenLayers;
  const hidden = tf.tidy(() => {
    const setting = blockSetting(config, sequenceLengths(batch), batch.shape[1], dropout);
    return keep === "all"
      ? blockInputs(weights, batch.inputIds, setting, layers)
      : [blockInput(weights, batch.inputIds, setting, layers - 1)];
  });
  return { batch, hidden, ...(dropout ? { dropout } : {}), dispose: () => tf.dispose([...hidden]) };
}

/** Checks that a pass lives and is one over `batch`. */
export function requirePass(caller: string, { batch, hidden }: PoolInputs, given: Batch = batch): void {
  if (hidden.some((x) => x.isDisposed)) throw new Error(`${caller}: "pass" must not have been disposed of`);
  const same =
    batch.shape[1] === given.shape[1] &&
    batch.inputIds.length === given.inputIds.length &&
    batch.inputIds.every((id, i) => id === given.inputIds[i]);
  if (!same)
    throw new RangeError(`${caller}: "pass" must be the pool pass over "batch", got one over another batch`);
}

/** The block inputs of the examples `rows` of a pass, as a backward pass wants them. Call it in a tidy. */
export function passRecords({ batch, hidden }: PoolInputs, rows: Int32Array | undefined): BlockRecord[] {
  const [size, tokens] = batch.shape;
  return hidden.map((x) => {
    if (!rows) return { x: tf.clone(x) };
    const byExample = tf.reshape(x, [size, -1]);
    return { x: tf.reshape(takeRows(byExample, rows), [rows.length * tokens, -1]) };
  });
}
