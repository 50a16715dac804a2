import { uniform } from "@colm/array";
import type { Example } from "@colm/data";
import { addLora, type CausalLM, createModel, parseModelConfig } from "@colm/lm-tfjs";

/** A model of 2 blocks, 16 wide, over 24 tokens; every weight trainable. `tied`: one matrix for embedding and head. */
export function tinyModel(seed = 1, tied = true): CausalLM {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: 24,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    max_position_embeddings: 32,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: tied,
    initializer_range: 0.25,
  });
  return createModel(config, { seed });
}

/** The same with a LoRA adapter, which alone is trainable. */
export function tinyLora(seed = 1): CausalLM {
  const model = tinyModel(seed);
  addLora(model, { rank: 2, alpha: 8, targets: ["q_proj", "v_proj"], seed });
  return model;
}

/** Sequences that count upwards from a start of their own; sources "a", "b" and "rare", every eighth example rare. */
export function tinyExamples(count: number, seed = 3): Example[] {
  const draws = uniform(new Float64Array(2 * count), { seed });
  return Array.from({ length: count }, (_, i): Example => {
    const length = 4 + Math.floor(draws[2 * i] * 6);
    const start = Math.floor(draws[2 * i + 1] * 20);
    const inputIds = Int32Array.from({ length }, (_, t) => (start + t) % 24);
    const labels = inputIds.map((id, t) => (t < 2 ? -100 : id));
    return { inputIds, labels, source: i % 8 === 7 ? "rare" : i % 2 === 0 ? "a" : "b", truncated: 0 };
  });
}

/** Values of all parameters, in order. */
export async function allValues(model: CausalLM): Promise<Float32Array[]> {
  return Promise.all([...model.parameters().values()].map((view) => view.data()));
}
