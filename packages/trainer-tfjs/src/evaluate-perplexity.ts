import type { Example, ListOf } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { type EvaluateOptions, meansOf, requireExamples } from "./evaluate.ts";
import { listFacts } from "./example-list.ts";
import { type Evaluation, mapMeans, summarize } from "./summarize.ts";

/** Losses of a held-out set, counted by examples and by tokens. */
export interface LossEvaluation {
  /** Means over examples of an example's mean loss per labelled token, as `evaluate` gives them: long answers count like short ones. */
  readonly losses: Evaluation;
  /** Means over labelled tokens, `sum of losses / number of tokens`, of the mixture and of each source: every token counts the same. */
  readonly tokenLosses: Evaluation;
  /** `exp` of each mean of `tokenLosses`. */
  readonly perplexity: Evaluation;
  /** Labelled tokens of each source, in the order of the sources. */
  readonly tokens: readonly number[];
}

/**
 * Loss and perplexity on held-out examples, over the mixture, over sources and over small sources, in one forward pass per batch.
 *
 * Perplexity is `exp(mean token loss)`, `exp(-sum_t log p(token_t | tokens before it) / N)` over the N labelled tokens (those of the completions,
 * end tokens included) of the mixture or of a source. Over sources it is `exp` of the mean of their mean token losses: the
 * geometric mean of their perplexities.
 *
 * @param model - Only read.
 * @param examples - The held-out set, an array or a list that is read on demand.
 * @param options - Batch size, small sources, signal.
 * @returns Losses in nats by example and by token, and perplexities. A mean over nothing is NaN.
 * @throws {RangeError} If there is no example or the batch size is not an integer of at least 1.
 * @throws The signal's reason when it is aborted.
 * @remarks The first token of a sequence is never predicted and never counts. Perplexities of models with different tokenizers cannot be
 * compared. Jelinek, Mercer, Bahl & Baker, "Perplexity: a measure of the difficulty of speech recognition tasks" (1977).
 * @example
 * import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 16, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = [Int32Array.of(1, 2, 3, 4), Int32Array.of(5, 6)];
 * const examples = ids.map((inputIds) => ({ inputIds, labels: inputIds, source: "counting", truncated: 0 }));
 * const { tokens, tokenLosses, perplexity } = await evaluatePerplexity(model, examples);
 * tokens; // => [4]
 * perplexity.micro === Math.exp(tokenLosses.micro); // => true
 */
export async function evaluatePerplexity(
  model: CausalLM,
  examples: ListOf<Example>,
  options: EvaluateOptions = {},
): Promise<LossEvaluation> {
  requireExamples("evaluatePerplexity", examples, options);
  const facts = await listFacts("examples", examples);
  const { sources, targets } = facts;
  const { summary, values } = await meansOf(examples, facts, options, (batch) => model.losses(batch));
  const tokenLosses = summarize(values, sources, options.smallSources ?? [], targets);
  const tokens = summary.sources.map(({ name }) =>
    targets.reduce((sum, count, i) => (sources[i] === name ? sum + count : sum), 0),
  );
  return { losses: summary, tokenLosses, perplexity: mapMeans(tokenLosses, Math.exp), tokens };
}
