import { normal } from "@colm/array";
import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import {
  type CausalLM,
  createModel,
  type ModelConfig,
  parseModelConfig,
  trainableVariables,
} from "../src/index.ts";

/** A Llama small enough for finite differences: two blocks, four heads over two key-value heads. */
export function tinyConfig(changes: Record<string, unknown> = {}): ModelConfig {
  return parseModelConfig({
    model_type: "llama",
    vocab_size: 24,
    hidden_size: 16,
    intermediate_size: 20,
    num_hidden_layers: 2,
    num_attention_heads: 4,
    num_key_value_heads: 2,
    max_position_embeddings: 32,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
    initializer_range: 0.3,
    ...changes,
  });
}

export function tinyModel(changes: Record<string, unknown> = {}): CausalLM {
  return createModel(tinyConfig(changes), { seed: 5 });
}

/** Five examples of 9 tokens: full length, padded, with a prompt, with a single label, and without any label. */
export function tinyBatch(): Batch {
  const tokens = 9;
  const lengths = [9, 6, 8, 4, 7];
  const prompts = [0, 0, 4, 3, 7];
  const inputIds = new Int32Array(lengths.length * tokens);
  const attentionMask = new Int32Array(inputIds.length);
  const labels = new Int32Array(inputIds.length).fill(-100);
  lengths.forEach((length, b) => {
    for (let t = 0; t < length; t++) {
      const at = b * tokens + t;
      inputIds[at] = (7 * b + 5 * t + b * t * t) % 24;
      attentionMask[at] = 1;
      if (t >= prompts[b]) labels[at] = inputIds[at];
    }
  });
  return { inputIds, attentionMask, labels, shape: [lengths.length, tokens] };
}

/** Gives B of every adapter values: at the zeros it starts from, gradients by A vanish. */
export function fillAdapter(model: CausalLM): void {
  let stream = 0;
  for (const [name, variable] of trainableVariables(model)) {
    if (!name.includes("lora_B")) continue;
    const data = normal(new Float32Array(variable.size), { seed: 3, stream: stream++ });
    tf.tidy(() =>
      variable.assign(
        tf.tensor(
          data.map((z) => z / 4),
          variable.shape,
        ),
      ),
    );
  }
}
