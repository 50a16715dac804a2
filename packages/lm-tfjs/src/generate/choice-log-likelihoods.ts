import { requireNatural } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { headLosses } from "../blocks/head.ts";
import { takeRows } from "../blocks/rows.ts";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import type { ModelWeights } from "../model/weights.ts";
import { sideBySide, startDecoder } from "./decoder.ts";
import { turnEventLoop } from "./event-loop.ts";
import { requirePrompt } from "./generation-options.ts";
import { inferenceWeights } from "./inference-weights.ts";

/** A beginning, and what may follow it. */
export interface Choices {
  /** Token ids, at least one. */
  readonly prompt: ArrayLike<number>;
  /** Token ids of each choice, at least one each. */
  readonly choices: readonly ArrayLike<number>[];
}

/** Settings of {@link choiceLogLikelihoods}. */
export interface ChoicesOptions {
  /** Questions side by side, at least 1. Default 8. */
  readonly batchSize?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * How likely a model finds each of several continuations, `log p(c | prompt) = sum_t log p(c_t | prompt, c_0 .. c_{t - 1})`.
 *
 * @param model - Not changed; do not change it meanwhile.
 * @param questions - Prompts with their choices, as token ids.
 * @param options - Questions side by side, signal.
 * @returns For each question the log-likelihoods of its choices in nats, whole sums: longer choices have smaller ones.
 * @throws {RangeError} If a prompt or a choice has no token or an id out of range, or both together do not fit the model's positions.
 * @throws The signal's reason when it is aborted.
 * @remarks The prompt is read once for all of its choices, whose tokens then look at its cached keys and values: `prompt + sum of choices`
 *   positions instead of `choices (prompt + choice)`. Questions of like length go together. Sums in float64 of float32 terms.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const [all] = await choiceLogLikelihoods(model, [{ prompt: [1, 2], choices: [0, 1, 2, 3, 4, 5, 6, 7].map((id) => [id]) }]);
 * all.reduce((sum, log) => sum + Math.exp(log), 0).toFixed(4); // => "1.0000"
 * model.dispose();
 */
export async function choiceLogLikelihoods(
  model: CausalLM,
  questions: readonly Choices[],
  options: ChoicesOptions = {},
): Promise<Float64Array[]> {
  const { batchSize = 8, signal } = options;
  const caller = "choiceLogLikelihoods";
  requireNatural(caller, "batchSize", batchSize);
  if (batchSize === 0) throw new RangeError(`${caller}: "batchSize" must be at least 1, got 0`);
  const { config } = model;
  questions.forEach((question, i) => {
    requireQuestion(caller, question, config, i);
  });
  const order = [...questions.keys()].sort((a, b) => questions[b].prompt.length - questions[a].prompt.length);
  const results: Float64Array[] = questions.map(() => new Float64Array());
  const inference = inferenceWeights(model.weights, true);
  try {
    for (let from = 0; from < order.length; from += batchSize) {
      await turnEventLoop(signal);
      const places = order.slice(from, from + batchSize);
      const sums = await likelihoods(
        inference.weights,
        config,
        places.map((i) => questions[i]),
      );
      for (const [k, i] of places.entries()) results[i] = sums[k];
    }
  } finally {
    inference.dispose();
  }
  return results;
}

function requireQuestion(caller: string, { prompt, choices }: Choices, config: ModelConfig, i: number): void {
  requirePrompt(caller, prompt, config, ` in question ${i}`);
  for (const [c, choice] of choices.entries()) {
    const positions = config.maxPositionEmbeddings - prompt.length;
    if (choice.length === 0 || choice.length > positions) {
      throw new RangeError(
        `${caller}: "choices" must have 1 to ${positions} tokens behind their prompt, got ${choice.length} in choice ${c} of question ${i}`,
      );
    }
    const bad = Array.from(choice).find((id) => !(Number.isInteger(id) && id >= 0 && id < config.vocabSize));
    if (bad !== undefined) {
      throw new RangeError(
        `${caller}: "choices" must hold token ids in [0, ${config.vocabSize}), got ${bad} in choice ${c} of question ${i}`,
      );
    }
  }
}

/** A choice in a batch: its tokens, its question, its number there. */
interface Placed {
  readonly ids: Int32Array;
  readonly question: number;
  readonly number: number;
}

async function likelihoods(
  weights: ModelWeights,
  config: ModelConfig,
  questions: readonly Choices[],
): Promise<Float64Array[]> {
  const placed = questions.flatMap(({ choices }, question) =>
    choices.map((choice, number): Placed => ({ ids: Int32Array.from(choice), question, number })),
  );
  const sums = questions.map(({ choices }) => new Float64Array(choices.length));
  if (placed.length === 0) return sums;
  const prompts = sideBySide(questions.map(({ prompt }) => Int32Array.from(prompt)));
  const decoder = startDecoder(weights, config, questions.length);
  const made: tf.Tensor[] = [];
  try {
    const ends = prompts.lengths.map((length, b) => b * prompts.tokens + length - 1);
    const ofPrompts = decoder.read(prompts.ids, prompts.lengths, ends);
    made.push(ofPrompts);
    const outputs = [
      takeRows(
        ofPrompts,
        Int32Array.from(placed, ({ question }) => question),
      ),
    ];
    made.push(...outputs);
    // the first token of a choice follows its prompt; each other one what stands before it in the choice
    const owners = [...placed];
    const targets = placed.map(({ ids }) => ids[0]);
    const longer = placed.filter(({ ids }) => ids.length > 1);
    if (longer.length > 0) {
      decoder.take(Int32Array.from(longer, ({ question }) => question));
      const { ids, lengths, tokens } = sideBySide(longer.map((choice) => choice.ids.subarray(0, -1)));
      const rows = longer.flatMap((_, b) => Array.from({ length: lengths[b] }, (_, t) => b * tokens + t));
      const read = decoder.read(ids, lengths, Int32Array.from(rows));
      made.push(read);
      outputs.push(read);
      for (const choice of longer) {
        for (const id of choice.ids.subarray(1)) {
          owners.push(choice);
          targets.push(id);
        }
      }
    }
    const losses = tf.tidy(() => headLosses(weights.head, tf.concat(outputs, 0), Int32Array.from(targets)));
    made.push(losses);
    const values = await losses.data<"float32">();
    for (const [i, { question, number }] of owners.entries()) sums[question][number] -= values[i];
    return sums;
  } finally {
    tf.dispose(made);
    decoder.dispose();
  }
}
