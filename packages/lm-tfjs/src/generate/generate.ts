import { describe, requireNatural } from "@colm/array";
import type { CausalLM } from "../model/causal-lm.ts";
import { mergedModel, startDecoder } from "./decoder.ts";
import { sample } from "./sample.ts";

export interface GenerateOptions {
  /** Most tokens to write, a natural number. Default 128. */
  readonly maxNewTokens?: number;
  /** 0 (default) always takes the likeliest token; above, tokens are drawn from `softmax(logits / temperature)`. */
  readonly temperature?: number;
  /** Draw among the likeliest tokens that together have this probability, in (0, 1]. Default 1. */
  readonly topP?: number;
  /** Seed of the draws, an integer in [0, 2^53). Default 0. */
  readonly seed?: number;
  readonly signal?: AbortSignal;
}

/**
 * Continues a text, piece by piece.
 *
 * @param model - With a tokenizer. Not changed; do not change it while the text is being written.
 * @param prompt - The text to continue, special tokens added as the tokenizer does.
 * @param options - Length, sampling, seed.
 * @returns The new text in pieces, as soon as whole characters are there. Ends at an end token, after `maxNewTokens`, or
 *   when the model's positions are used up.
 * @throws {RangeError} If the model has no tokenizer, an option is out of range, or the prompt has no token or too many.
 * @remarks Keys and values are cached: each token costs one pass over one position.
 */
export async function* generate(
  model: CausalLM,
  prompt: string,
  options: GenerateOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { tokenizer } = model;
  if (!tokenizer) {
    throw new RangeError('generate: "model" must have a tokenizer (a folder with tokenizer.json), got none');
  }
  const ids = Array.from(tokenizer.encode(prompt));
  let written = tokenizer.decode(ids, { skipSpecialTokens: true });
  for await (const id of generateTokens(model, ids, options)) {
    ids.push(id);
    const text = tokenizer.decode(ids, { skipSpecialTokens: true });
    // a character whose last bytes are still to come decodes to U+FFFD: wait for them
    if (text.endsWith("\uFFFD") || !text.startsWith(written)) continue;
    if (text.length > written.length) yield text.slice(written.length);
    written = text;
  }
  const text = tokenizer.decode(ids, { skipSpecialTokens: true });
  if (text.length > written.length) yield text.slice(written.length);
}

/**
 * Continues a sequence of token ids; `generate` without a tokenizer. End tokens are not returned.
 *
 * @param model - Not changed.
 * @param prompt - At least one token id.
 * @param options - As for `generate`.
 * @throws {RangeError} If an option or an id is out of range, or the prompt does not fit the model's positions.
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
  options: GenerateOptions = {},
): AsyncGenerator<number, void, undefined> {
  const { maxNewTokens = 128, temperature = 0, topP = 1, seed = 0, signal } = options;
  requireNatural("generate", "maxNewTokens", maxNewTokens);
  requireNatural("generate", "seed", seed);
  if (!(temperature >= 0 && temperature < Infinity)) {
    throw new RangeError(
      `generate: "temperature" must be a finite number of at least 0, got ${describe(temperature)}`,
    );
  }
  if (!(topP > 0 && topP <= 1)) {
    throw new RangeError(`generate: "topP" must be in (0, 1], got ${describe(topP)}`);
  }
  const { vocabSize, maxPositionEmbeddings, eosTokenIds } = model.config;
  requirePrompt(prompt, vocabSize, maxPositionEmbeddings);
  const merged = mergedModel(model.weights);
  const decoder = startDecoder(merged.weights, model.config);
  try {
    let next = Int32Array.from(prompt);
    for (let position = 0; position < maxNewTokens; position++) {
      if (decoder.seen + next.length > maxPositionEmbeddings) return;
      signal?.throwIfAborted();
      const id = sample(await decoder.read(next), { temperature, topP, seed }, position);
      if (eosTokenIds.includes(id)) return;
      yield id;
      next = Int32Array.of(id);
    }
  } finally {
    decoder.dispose();
    merged.dispose();
  }
}

function requirePrompt(prompt: ArrayLike<number>, vocabulary: number, positions: number): void {
  if (prompt.length === 0 || prompt.length > positions) {
    throw new RangeError(`generate: "prompt" must have 1 to ${positions} tokens, got ${prompt.length}`);
  }
  for (let i = 0; i < prompt.length; i++) {
    const id = prompt[i];
    if (!(Number.isInteger(id) && id >= 0 && id < vocabulary)) {
      throw new RangeError(`generate: "prompt" must hold token ids in [0, ${vocabulary}), got ${id} at ${i}`);
    }
  }
}
