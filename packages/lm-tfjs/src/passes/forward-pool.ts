import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { headLosses } from "../blocks/head.ts";
import { takeRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import type { BlockRecord } from "./backward.ts";
import { blockInput, blockInputs, blockSetting, lastBlockRows } from "./forward.ts";
import { requireBatch, sequenceLengths } from "./require-batch.ts";
import { meanPerExample, shiftedTargets } from "./targets.ts";

/** What one forward pass over a pool computed. It owns tensors: dispose of it when the step is over. */
export interface PoolPass {
  /** Mean loss of each example over its labelled tokens, 0 where it has none. */
  readonly losses: Float32Array;
  /** The pool itself. */
  readonly batch: Batch;
  /** Inputs of the blocks, lowest first, each `[batch tokens, hidden]`; of the last block alone unless all were asked for. */
  readonly hidden: readonly tf.Tensor[];
  dispose(): void;
}

/**
 * The selection pass: one forward pass over a pool, whose block inputs stay for features and for the training step.
 *
 * @param model - Not changed. The pass holds for its parameters as they are now.
 * @param batch - The pool. Kept by reference: do not write to it while the pass lives.
 * @param options - `keep`: `"all"` block inputs (default; `lossAndGradients` can start from them) or the `"last"` one
 *   (enough for `lastValueSpsa` and `lastValueGradients`; `[batch tokens, hidden]` instead of that times the layers).
 * @returns The pass; the caller disposes of it.
 * @throws {RangeError} If the batch does not fit the model.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = Int32Array.of(1, 2, 3, 4);
 * const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
 * const pass = await forwardPool(model, batch);
 * pass.losses.length; // => 2
 * pass.hidden.map((x) => x.shape); // => [[4, 4]]
 * pass.dispose();
 * model.dispose();
 */
export async function forwardPool(
  model: CausalLM,
  batch: Batch,
  options: { keep?: "all" | "last" } = {},
): Promise<PoolPass> {
  const { keep = "all" } = options;
  requireBatch("forwardPool", batch, model.config);
  if (keep !== "all" && keep !== "last") {
    throw new RangeError(`forwardPool: "keep" must be "all" or "last", got ${JSON.stringify(keep)}`);
  }
  const { weights, config } = model;
  const targets = shiftedTargets(batch);
  const { hidden, perTarget } = tf.tidy(() => {
    const setting = blockSetting(config, sequenceLengths(batch), batch.shape[1]);
    const inputs =
      keep === "all"
        ? blockInputs(weights, batch.inputIds, setting, config.numHiddenLayers)
        : [blockInput(weights, batch.inputIds, setting, config.numHiddenLayers - 1)];
    if (targets.rows.length === 0) return { hidden: inputs, perTarget: tf.zeros([0]) };
    const y = lastBlockRows(
      weights.blocks[config.numHiddenLayers - 1],
      inputs[inputs.length - 1],
      setting,
      targets.rows,
    );
    return { hidden: inputs, perTarget: headLosses(weights.head, y, targets.ids, config.rmsNormEps) };
  });
  const losses = meanPerExample(await perTarget.data(), targets);
  perTarget.dispose();
  return { losses, batch, hidden, dispose: () => tf.dispose([...hidden]) };
}

/** Checks that a pass lives and is one over `batch`. */
export function requirePass(caller: string, { batch, hidden }: PoolPass, given: Batch = batch): void {
  if (hidden.some((x) => x.isDisposed)) throw new Error(`${caller}: "pass" must not have been disposed of`);
  const same =
    batch.shape[1] === given.shape[1] &&
    batch.inputIds.length === given.inputIds.length &&
    batch.inputIds.every((id, i) => id === given.inputIds[i]);
  if (!same)
    throw new RangeError(`${caller}: "pass" must be the pool pass over "batch", got one over another batch`);
}

/** The block inputs of the examples `rows` of a pass, as a backward pass wants them. Call it in a tidy. */
export function passRecords({ batch, hidden }: PoolPass, rows: Int32Array | undefined): BlockRecord[] {
  const [size, tokens] = batch.shape;
  return hidden.map((x) => {
    if (!rows) return { x: tf.clone(x) };
    const byExample = tf.reshape(x, [size, -1]);
    return { x: tf.reshape(takeRows(byExample, rows), [rows.length * tokens, -1]) };
  });
}
