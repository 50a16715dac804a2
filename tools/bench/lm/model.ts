import { uniform } from "@colm/array";
import type { Batch } from "@colm/data";
import { addLora, type CausalLM, createModel, parseModelConfig } from "@colm/lm-tfjs";

/** Sizes of a model and of a batch for it. */
export interface Shape {
  readonly vocabulary: number;
  readonly hidden: number;
  readonly feedForward: number;
  readonly layers: number;
  readonly heads: number;
  readonly tokens: number;
  readonly examples: number;
  readonly rank: number;
}

/** The shape that the benchmark is about. */
export const SHAPE = {
  vocabulary: 4096,
  hidden: 256,
  feedForward: 704,
  layers: 4,
  heads: 4,
  tokens: 128,
  examples: 16,
  rank: 8,
} as const;

/** One that a graphics processor has something to do for. */
export const LARGE = {
  vocabulary: 4096,
  hidden: 1024,
  feedForward: 2816,
  layers: 12,
  heads: 16,
  tokens: 512,
  examples: 4,
  rank: 8,
} as const;

/** One to see whether everything runs. */
export const SMALL = {
  vocabulary: 64,
  hidden: 32,
  feedForward: 48,
  layers: 2,
  heads: 2,
  tokens: 8,
  examples: 4,
  rank: 4,
} as const;

export const PROJECTIONS: readonly string[] = [
  "q_proj",
  "k_proj",
  "v_proj",
  "o_proj",
  "gate_proj",
  "up_proj",
  "down_proj",
];

/** A Llama with fresh weights and LoRA on every projection. */
export function benchModel(shape: Shape = SHAPE): CausalLM {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: shape.vocabulary,
    hidden_size: shape.hidden,
    intermediate_size: shape.feedForward,
    num_hidden_layers: shape.layers,
    num_attention_heads: shape.heads,
    max_position_embeddings: shape.tokens,
    rms_norm_eps: 1e-5,
    rope_theta: 10000,
    tie_word_embeddings: false,
  });
  const model = createModel(config, { seed: 1 });
  addLora(model, { rank: shape.rank, alpha: 2 * shape.rank, targets: [...PROJECTIONS], seed: 2 });
  return model;
}

/** Random tokens, every one labelled. */
export function benchBatch(
  examples: number,
  { tokens, vocabulary }: Pick<Shape, "tokens" | "vocabulary">,
): Batch {
  const draws = uniform(new Float64Array(examples * tokens), { seed: 3 });
  const inputIds = Int32Array.from(draws, (x) => Math.floor(x * vocabulary));
  return {
    inputIds,
    attentionMask: new Int32Array(inputIds.length).fill(1),
    labels: Int32Array.from(inputIds),
    shape: [examples, tokens],
  };
}

/**
 * Floating-point operations of the matrix products of a step with LoRA on frozen weights: forward, and the gradients by
 * activations. LoRA's own products (under 4 % here) are left out; attention counts the lower triangle alone.
 */
export function stepFlops(shape: Shape = SHAPE): number {
  const { hidden, feedForward, layers, tokens, examples, vocabulary } = shape;
  const rows = examples * tokens;
  const projections = 2 * rows * layers * (4 * hidden ** 2 + 3 * hidden * feedForward);
  // scores and mixing, and twice that on the way back
  const attention = 2 * rows * layers * tokens * hidden;
  const head = 2 * rows * hidden * vocabulary;
  return 2 * projections + 3 * attention + 2 * head;
}
