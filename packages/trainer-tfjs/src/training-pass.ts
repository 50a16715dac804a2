import { collate, type Example, IGNORED } from "@colm/data";
import { type CausalLM, lossAndGradients } from "@colm/lm-tfjs";
import { accumulateGradients } from "./accumulate.ts";
import { breathe } from "./breathe.ts";
import { floatData } from "./float-data.ts";
import { microBatches } from "./micro-batches.ts";

/** Loss and gradient of one batch. */
export interface TrainingPass {
  /** The weighted mean of the examples' losses. */
  readonly loss: number;
  /** Tokens that are learned: with a label, and not the first of their example. */
  readonly tokens: number;
  /** The gradient of `loss` by each trainable parameter. */
  readonly gradients: Map<string, Float32Array>;
}

/** Settings of {@link trainingPass}. */
export interface TrainingPassOptions {
  /** Weight of each example, at least 0, not all 0; only their ratios matter. */
  readonly weights: ArrayLike<number>;
  /** Examples in one forward and backward pass. */
  readonly microBatchSize: number;
  /** Keep block inputs alone and run each block again on the way back. Default false. */
  readonly checkpoint?: boolean | undefined;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Loss and gradient of the weighted mean over a batch, `sum_i w_i L_i / sum_i w_i`, in micro-batches.
 *
 * @param model - Only read.
 * @param examples - The batch, at least one example.
 * @param options - Weights and the size of a micro-batch.
 * @returns Fresh arrays; no tensor is left behind.
 * @remarks Normalised by examples, not by tokens: k micro-batches give the gradient of the whole batch up to
 * float32 rounding, and memory is that of the largest micro-batch.
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
  const { weights, microBatchSize, checkpoint = false, signal } = options;
  const all = examples.reduce((sum, _, i) => sum + weights[i], 0);
  const sum = accumulateGradients();
  let loss = 0;
  let tokens = 0;
  for (const positions of microBatches(
    examples.map(({ inputIds }) => inputIds.length),
    microBatchSize,
  )) {
    const part = Float64Array.from(positions, (at) => weights[at]);
    const share = part.reduce((a, b) => a + b, 0) / all;
    if (share === 0) continue;
    await breathe(signal);
    const batch = collate(positions.map((at) => examples[at]));
    const { losses, gradients } = await lossAndGradients(model, batch, { weights: part, checkpoint });
    try {
      sum.add(await floatData(gradients), share);
    } finally {
      for (const tensor of gradients.values()) tensor.dispose();
    }
    loss += losses.reduce((total, value, k) => total + (value * part[k]) / all, 0);
    for (const at of positions) tokens += learned(examples[at]);
  }
  return { loss, tokens, gradients: sum.total() };
}

function learned({ labels }: Example): number {
  return labels.subarray(1).reduce((count, label) => (label === IGNORED ? count : count + 1), 0);
}
