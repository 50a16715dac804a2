import type { CausalLM } from "../model/causal-lm.ts";
import { startDecoder } from "./decoder.ts";
import { turnEventLoop } from "./event-loop.ts";
import { requireChoosing, requirePrompt, type TokenOptions } from "./generation-options.ts";
import { inferenceWeights } from "./inference-weights.ts";
import { sample } from "./sample.ts";

/**
 * Continues a sequence of token ids; `generate` without a tokenizer. End tokens are not returned.
 *
 * @param model - Not changed.
 * @param prompt - At least one token id.
 * @param options - As for `generate`, without stop strings.
 * @throws {RangeError} If an option or an id is out of range, the prompt does not fit the model's positions, or a logit is not finite.
 * @throws The signal's reason when it is aborted.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = [];
 * for await (const id of generateTokens(model, [1, 2], { maxNewTokens: 3 })) ids.push(id);
 * ids.length; // => 3
 * model.dispose();
 */
export async function* generateTokens(
  model: CausalLM,
  prompt: ArrayLike<number>,
  options: TokenOptions = {},
): AsyncGenerator<number, void, undefined> {
  const choosing = requireChoosing("generate", options);
  requirePrompt("generate", prompt, model.config);
  const { maxNewTokens, signal } = choosing;
  const { maxPositionEmbeddings, eosTokenIds } = model.config;
  const inference = inferenceWeights(model.weights, false);
  const decoder = startDecoder(inference.weights, model.config, 1);
  try {
    let next = Int32Array.from(prompt);
    for (let position = 0; position < maxNewTokens; position++) {
      if (decoder.seen[0] + next.length > maxPositionEmbeddings) return;
      await turnEventLoop(signal);
      const y = decoder.read(next, Int32Array.of(next.length), Int32Array.of(next.length - 1));
      const logits = inference.logits(y);
      y.dispose();
      const values = await logits.data<"float32">();
      logits.dispose();
      const id = sample(values, choosing, { position, stream: 0 });
      if (eosTokenIds.includes(id)) return;
      yield id;
      next = Int32Array.of(id);
    }
  } finally {
    decoder.dispose();
    inference.dispose();
  }
}
