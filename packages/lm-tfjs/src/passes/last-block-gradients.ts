import { type Matrix, matrix } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { feed, feedGradient, mix, mixGradient } from "../blocks/block.ts";
import { type ExampleRows, type GradientTerms, gradientTerms } from "../blocks/gradient-terms.ts";
import { headGradient } from "../blocks/head.ts";
import { type Parameter, shapeOf, sizeOf } from "../blocks/parameter.ts";
import { scatterRows, takeRows } from "../blocks/rows.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { blockAdapters, blockWeights } from "../model/weights.ts";
import { lastBlock, poolSetting } from "./last-value.ts";
import { type PoolInputs, requirePass } from "./pool-inputs.ts";
import { requireSketch, type SketchOptions, sketchColumns } from "./sketch.ts";
import { shiftedTargets, type Targets } from "./targets.ts";

/** Settings of `lastBlockGradients`. */
export interface LastBlockOptions {
  /** Return random projections of the gradients instead of the gradients. */
  readonly sketch?: SketchOptions;
  readonly signal?: AbortSignal;
}

/** Where the gradient by one parameter stands in a row of `lastBlockGradients`. */
export interface GradientColumns {
  /** Hugging Face or PEFT name. */
  readonly name: string;
  readonly shape: number[];
  /** Its first column; it takes as many as it has entries, row-major. */
  readonly start: number;
}

/**
 * The columns of `lastBlockGradients`: LoRA's factors in the last block, or without an adapter all of that block's weights.
 *
 * @throws {RangeError} If the model has an adapter, but none in its last block.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 2,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * addLora(model, { rank: 2, alpha: 4, targets: ["v_proj"], seed: 2 });
 * lastBlockColumns(model).map(({ start }) => start); // => [0, 8]
 * model.dispose();
 */
export function lastBlockColumns(model: CausalLM): GradientColumns[] {
  let start = 0;
  return parametersOf("lastBlockColumns", model).map((parameter) => {
    const columns = { name: parameter.name, shape: shapeOf(parameter), start };
    start += sizeOf(parameter);
    return columns;
  });
}

/**
 * Exact per-example gradients of the whole last block, row `i` that of `L_i`, the mean loss of example `i`: by LoRA's factors there,
 * trainable or not, or without an adapter by the block's weights.
 *
 * @param model - Not changed.
 * @param pass - What `poolInputs` or `forwardPool` gave at the model's present parameters. Kept as it is.
 * @param options - `sketch`: `size` p and `seed` of a random projection. `signal`: asked before each example of each parameter.
 * @returns A fresh `[batch, d]`, the parameters side by side as `lastBlockColumns` says; or `[batch, p]`, `S g_i` for one random S
 *   with `E <S x, S y> = <x, y>`. Rows of examples without a label are 0. Nothing falls out of the last block's LoRA inputs.
 * @throws {RangeError} If the model has an adapter, but none in its last block, or the sketch cannot be.
 * @throws {Error} If the pass has been disposed of.
 * @remarks One backward pass through the head and the last block, kept as the factors of its products; then one parameter of one example
 *   at a time, so that a sketch holds `[batch, p]` and never `[batch, d]`: O(batch d) time. The sparse projection of Kane & Nelson,
 *   "Sparser Johnson-Lindenstrauss Transforms" (2014), four entries in each column.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 2,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * addLora(model, { rank: 2, alpha: 4, targets: ["all-linear"], seed: 2 });
 * const ids = Int32Array.of(1, 2, 3, 4);
 * const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
 * const pass = poolInputs(model, batch, { keep: "last" });
 * (await lastBlockGradients(model, pass)).shape; // => [2, 136]
 * (await lastBlockGradients(model, pass, { sketch: { size: 16, seed: 1 } })).shape; // => [2, 16]
 * pass.dispose();
 * model.dispose();
 */
export async function lastBlockGradients(
  model: CausalLM,
  pass: PoolInputs,
  options: LastBlockOptions = {},
): Promise<Matrix> {
  const { sketch, signal } = options;
  requirePass("lastBlockGradients", pass);
  const parameters = parametersOf("lastBlockGradients", model);
  if (sketch) requireSketch("lastBlockGradients", sketch);
  const [batch] = pass.batch.shape;
  const dimension = parameters.reduce((sum, parameter) => sum + sizeOf(parameter), 0);
  const width = sketch ? sketch.size : dimension;
  const out = sketch ? new Float64Array(batch * width) : new Float32Array(batch * width);
  const targets = shiftedTargets(pass.batch);
  const terms = gradientTerms(parameters);
  try {
    if (targets.rows.length > 0) collectTerms(model, pass, targets, terms);
    let start = 0;
    for (const parameter of parameters) {
      const size = sizeOf(parameter);
      const columns = sketch && sketchColumns(sketch, start, size);
      for (let example = 0; example < batch; example++) {
        if (targets.counts[example] === 0) continue;
        signal?.throwIfAborted();
        const gradient = new Float32Array(size);
        await terms.addTo(gradient, parameter, example);
        if (columns && out instanceof Float64Array) columns.addTo(out, example * width, gradient);
        else out.set(gradient, example * width + start);
      }
      start += size;
    }
  } finally {
    terms.dispose();
  }
  return matrix(out instanceof Float64Array ? Float32Array.from(out) : out, batch, width);
}

/** One backward pass through the head and the last block, at the gradient of the sum of the examples' losses. */
function collectTerms(model: CausalLM, pass: PoolInputs, targets: Targets, terms: GradientTerms): void {
  const [batch, tokens] = pass.batch.shape;
  const block = lastBlock(model.weights.blocks);
  const sequences: ExampleRows = Array.from({ length: batch }, (_, b) => [b * tokens, (b + 1) * tokens]);
  tf.tidy(() => {
    const setting = poolSetting(model, pass);
    const x = pass.hidden[pass.hidden.length - 1];
    const mixed = mix(block, x, setting);
    const fed = feed(block, takeRows(x, targets.rows), takeRows(mixed.context, targets.rows));
    const factors = Float32Array.from(targets.examples, (i) => 1 / targets.counts[i]);
    const { dy } = headGradient(model.weights.head, fed.y, targets.ids, factors, undefined);
    const { dcontext } = feedGradient(block, fed.pass, dy, terms.receive(targetRows(targets)));
    const spread = scatterRows(dcontext, targets.rows, batch * tokens);
    mixGradient(block, x, setting, mixed.pass, spread, terms.receive(sequences), false);
  });
}

/** Targets stand in the order of their examples. */
function targetRows({ counts }: Targets): ExampleRows {
  let end = 0;
  return Array.from(counts, (count) => {
    end += count;
    return [end - count, end] as const;
  });
}

function parametersOf(caller: string, { weights, lora }: CausalLM): Parameter[] {
  const block = lastBlock(weights.blocks);
  if (!lora) return blockWeights(block);
  const factors = blockAdapters(block);
  if (factors.length > 0) return factors;
  throw new RangeError(
    `${caller}: "model" must have its adapter in the last block too, got targets ${lora.targets.join(", ")}`,
  );
}
