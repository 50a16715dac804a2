import { type Batch, collate, type Example, type ListOf } from "@colm/data";
import { type CausalLM, exactMatches, type ModelWorkers } from "@colm/lm-tfjs";
import { breathe } from "./breathe.ts";
import { checkInteger } from "./check-options.ts";
import { type ListFacts, listFacts, takeExamples } from "./example-list.ts";
import { microBatches } from "./micro-batches.ts";
import { type Evaluation, summarize } from "./summarize.ts";
import { workGroups } from "./work-groups.ts";

/** Settings of {@link evaluate}, {@link evaluatePerplexity} and {@link evaluateExactMatch}. */
export interface EvaluateOptions {
  /** Examples in one forward pass, at least 1. Default 16. */
  readonly batchSize?: number | undefined;
  /** Names of the small sources. Default none. */
  readonly smallSources?: readonly string[] | undefined;
  /** Asked before each forward pass. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * Mean loss on held-out examples, over the mixture, over sources and over small sources.
 *
 * @param model - Only read.
 * @param examples - The held-out set, an array or a list that is read on demand; examples without a source belong to the source "".
 * @param options - Batch size, small sources, signal.
 * @returns The losses, in nats per labelled token of an example, and the perplexity over all labelled tokens.
 * @throws {RangeError} If there is no example or the batch size is not an integer of at least 1.
 * @throws The signal's reason when it is aborted.
 * @remarks An example's loss is the mean over its labelled tokens, so long answers count like short ones; in the perplexity
 * every token counts the same. `evaluatePerplexity` gives both kinds of means for every source.
 * One forward pass per batch of examples of like length.
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
 * const { micro, sources } = await evaluate(model, examples);
 * micro > 0; // => true
 * sources[0].examples; // => 4
 */
export async function evaluate(
  model: CausalLM,
  examples: ListOf<Example>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  requireExamples("evaluate", examples, options);
  return evaluateLosses(model, examples, await listFacts("examples", examples), options);
}

/** `evaluate` of a list of which the facts are known, on worker threads where there are any. */
export async function evaluateLosses(
  model: CausalLM,
  examples: ListOf<Example>,
  facts: ListFacts,
  options: EvaluateOptions & { readonly workers?: ModelWorkers | undefined },
): Promise<Evaluation> {
  const { summary, values } = await (options.workers
    ? meansOnWorkers(options.workers, examples, facts, options)
    : meansOf(examples, facts, options, (batch) => model.losses(batch)));
  const { targets } = facts;
  const tokens = targets.reduce((sum, count) => sum + count, 0);
  const nats = targets.reduce((sum, count, i) => sum + count * values[i], 0);
  return tokens === 0 ? summary : { ...summary, perplexity: Math.exp(nats / tokens) };
}

/**
 * Teacher-forced exact match: the share of held-out examples whose whole labelled completion, end token and all, greedy decoding would write,
 * right to the letter. Nothing is generated and no answer extracted; `evaluateAnswers` does both.
 *
 * @param model - Only read.
 * @param examples - The held-out set.
 * @param options - Batch size, small sources, signal.
 * @returns Shares in [0, 1] over the mixture, over sources and over small sources.
 * @throws {RangeError} If there is no example or the batch size is not an integer of at least 1.
 * @throws The signal's reason when it is aborted.
 * @remarks One forward pass per batch: a completion is what greedy decoding writes exactly when each of its tokens is
 * the model's first choice after the tokens before it.
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
 * (await evaluateExactMatch(model, examples)).micro; // => 0
 */
export async function evaluateExactMatch(
  model: CausalLM,
  examples: ListOf<Example>,
  options: EvaluateOptions = {},
): Promise<Evaluation> {
  requireExamples("evaluateExactMatch", examples, options);
  const facts = await listFacts("examples", examples);
  const { summary } = await meansOf(examples, facts, options, (batch) => exactMatches(model, batch));
  return summary;
}

/** Checks what every evaluation of examples takes. */
export function requireExamples(caller: string, examples: ListOf<Example>, options: EvaluateOptions): void {
  const { batchSize = 16 } = options;
  checkInteger(caller, "batchSize", batchSize, 1);
  if (examples.length === 0)
    throw new RangeError(`${caller}: "examples" must have at least 1 example, got 0`);
}

/** A number for each example, measured in batches of examples of like length, and its means. */
export async function meansOf(
  examples: ListOf<Example>,
  { lengths, sources }: ListFacts,
  options: EvaluateOptions,
  measure: (batch: Batch) => Promise<ArrayLike<number>>,
): Promise<{ summary: Evaluation; values: Float64Array }> {
  const { batchSize = 16, smallSources = [], signal } = options;
  const values = new Float64Array(examples.length);
  for (const positions of microBatches(lengths, batchSize)) {
    await breathe(signal);
    const part = await measure(collate(await takeExamples("examples", examples, positions)));
    for (const [k, at] of positions.entries()) values[at] = part[k];
  }
  return { summary: summarize(values, sources, smallSources), values };
}

/** `meansOf` the losses, the same bits; of a list that is read on demand only so much is held as keeps the workers busy. */
async function meansOnWorkers(
  workers: ModelWorkers,
  examples: ListOf<Example>,
  { lengths, sources }: ListFacts,
  { batchSize = 16, smallSources = [], signal }: EvaluateOptions,
): Promise<{ summary: Evaluation; values: Float64Array }> {
  const values = new Float64Array(examples.length);
  for (const positions of workGroups(workers, microBatches(lengths, batchSize))) {
    const batches: Batch[] = [];
    for (const group of positions) batches.push(collate(await takeExamples("examples", examples, group)));
    const parts = await workers.losses(batches, { ...(signal && { signal }) });
    for (const [k, group] of positions.entries()) {
      for (const [row, at] of group.entries()) values[at] = parts[k][row];
    }
  }
  return { summary: summarize(values, sources, smallSources), values };
}
