import { type MemoryBreakdown, predictMemory } from "./memory-breakdown.ts";
import { type ResolvedOptions, resolveOptions } from "./resolve-options.ts";
import { runTraining } from "./run-training.ts";
import type { TrainEvent, TrainResult } from "./train-events.ts";
import type { TrainOptions } from "./train-options.ts";

/** A training run: its events, to be iterated once, and its end. */
export interface TrainRun extends AsyncIterable<TrainEvent> {
  /** Settles when the run is over. Without anybody iterating, asking for it runs the training by itself. */
  readonly result: Promise<TrainResult>;
  /** The settings in effect, defaults included. */
  readonly settings: RunSettings;
  /** Memory by component, predicted before anything runs. */
  readonly memory: MemoryBreakdown;
}

/** Settings of a run that say which run it is. */
export type RunSettings = Pick<
  ResolvedOptions,
  "pool" | "budget" | "method" | "maxSteps" | "learningRate" | "perDeviceTrainBatchSize" | "seed"
> & {
  /** Rank of the adapter that is trained; null where the model's own weights are. */
  readonly loraRank: number | null;
  /** Numerator of its scale; null without one. */
  readonly loraAlpha: number | null;
  /** What weights, gradients and moments are computed and kept in. */
  readonly dtype: "float32";
};

/**
 * Fine-tunes a model on mini-batch coresets: each step draws a pool, chooses `budget` examples of it and trains on them.
 *
 * @param options - Model, data and settings; see `TrainOptions`.
 * @returns The run. It goes on as its events are read and waits between them, so the consumer may use the model
 * in the loop; leaving the loop early abandons the run. The caller still owns the model.
 * @throws {TypeError | RangeError} At once when a setting is wrong; from the iteration, before anything is changed, when the data, the
 * model, a checkpoint or the folder does not fit; then when a loss or gradient is not finite (the message names the step; model and
 * last checkpoint are those of the step before), or when a checkpoint cannot be written.
 * @remarks Nguyen et al., "Mini-batch Coresets for Memory-efficient Language Model Training on Data Mixtures"
 * (ICLR 2025), algorithm 1, with AdamW. Pools depend on (seed, step) alone, so runs of all methods see the
 * same ones; `random` and `keep-random` make no pass over the pool. The selection reads and writes nothing of the
 * optimizer. The gradient is that of the mean over the chosen examples of each one's mean token loss, whatever the
 * micro-batches. The same seed gives the same run bit for bit on one back end, resumed or not.
 * Memory beside the model: three float32 arrays per trainable parameter, activations of one micro-batch, O(pool).
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
 * const run = train({ model, trainDataset: examples, pool: 4, budget: 2, loraRank: 2, maxSteps: 3 });
 * for await (const event of run) {
 *   if (event.type === "step") event.selection.indices.length; // => 2
 * }
 * await run.result; // => { step: 3, reason: "finished" }
 */
export function train(options: TrainOptions): TrainRun {
  const resolved = resolveOptions(options);
  const { pool, budget, method, maxSteps, learningRate, perDeviceTrainBatchSize, seed } = resolved;
  const loraRank = resolved.loraRank ?? resolved.model.lora?.rank ?? null;
  const given = resolved.loraRank === undefined ? resolved.model.lora?.alpha : resolved.loraAlpha;
  const loraAlpha = loraRank === null ? null : (given ?? 4 * loraRank);
  const adapter = { loraRank, loraAlpha, dtype: "float32" } as const;
  const events = runTraining(resolved);
  let settle: { resolve(result: TrainResult): void; reject(error: unknown): void };
  const result = new Promise<TrainResult>((resolve, reject) => {
    settle = { resolve, reject };
  });
  // a run that fails is reported by its iteration; nobody has to ask for the result
  result.catch(() => {});
  let iterated = false;
  let step = 0;

  async function* iterate(): AsyncGenerator<TrainEvent> {
    let over = false;
    try {
      let next = await events.next();
      while (!next.done) {
        step = next.value.step;
        yield next.value;
        next = await events.next();
      }
      over = true;
      settle.resolve(next.value);
    } catch (error) {
      over = true;
      settle.reject(error);
      throw error;
    } finally {
      if (!over) {
        await events.return({ step, reason: "abandoned" });
        settle.resolve({ step, reason: "abandoned" });
      }
    }
  }

  async function drain(): Promise<void> {
    await Promise.resolve();
    if (iterated) return;
    iterated = true;
    for await (const _ of iterate());
  }

  return {
    get memory() {
      return predictMemory(resolved);
    },
    settings: { pool, budget, method, maxSteps, learningRate, perDeviceTrainBatchSize, seed, ...adapter },
    [Symbol.asyncIterator]() {
      if (iterated)
        throw new Error("train: a run can be iterated once, and not after its result was awaited");
      iterated = true;
      return iterate();
    },
    get result() {
      drain().catch(() => {});
      return result;
    },
  };
}
