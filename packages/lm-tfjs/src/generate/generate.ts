import type { CausalLM } from "../model/causal-lm.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { generateTokens } from "./generate-tokens.ts";
import { type GenerateOptions, requirePrompt, requireStops } from "./generation-options.ts";
import { stopFilter } from "./stop-strings.ts";
import { textStream } from "./text-stream.ts";

/**
 * Continues a text, piece by piece.
 *
 * @param model - With a tokenizer. Not changed; do not change it while the text is being written.
 * @param prompt - The text to continue, special tokens added as the tokenizer does; or its token ids, for prompts that bring special tokens of
 *   their own, such as those of a chat template.
 * @param options - Length, sampling, seed, stop strings, signal.
 * @returns The new text in pieces of whole characters, as soon as they are there and can belong to no stop string. Ends before the first stop
 *   string, at an end token, after `maxNewTokens`, or when the model's positions are used up.
 * @throws {RangeError} If the model has no tokenizer, an option is out of range, the prompt has no token or too many, or a logit is not
 *   finite.
 * @throws The signal's reason when it is aborted.
 * @remarks Keys and values are cached: each token costs one pass over one position. Token `t` is drawn from `(seed, t)` alone, by Philox: the
 *   same seed writes the same text. The event loop turns before each token, so signals, timers and input are served.
 */
export async function* generate(
  model: CausalLM,
  prompt: string | ArrayLike<number>,
  options: GenerateOptions = {},
): AsyncGenerator<string, void, undefined> {
  const { stop, ...choosing } = options;
  const stops = stopFilter(requireStops("generate", stop));
  const tokenizer = requireTokenizer("generate", model);
  const ids = typeof prompt === "string" ? tokenizer.encode(prompt) : prompt;
  requirePrompt("generate", ids, model.config);
  const stream = textStream(tokenizer, ids);
  for await (const id of generateTokens(model, ids, choosing)) {
    const { text, stopped } = stops.push(stream.push(id));
    if (text !== "") yield text;
    if (stopped) return;
  }
  const { text, stopped } = stops.push(stream.end());
  const rest = stopped ? text : text + stops.end();
  if (rest !== "") yield rest;
}

/** The tokenizer of a model that must have one. */
export function requireTokenizer(caller: string, { tokenizer }: CausalLM): Tokenizer {
  if (tokenizer) return tokenizer;
  throw new RangeError(`${caller}: "model" must have a tokenizer (a folder with tokenizer.json), got none`);
}
