import { describe } from "@colm/array";
import { check } from "./check-options.ts";
import { predictMemory } from "./memory-breakdown.ts";
import { resolveOptions } from "./resolve-options.ts";
import type { TrainOptions } from "./train-options.ts";

/** A setting that memory grows with. */
export type SolvedSetting = "perDeviceTrainBatchSize" | "loraRank" | "pool";

/** What {@link solveMemory} found. */
export interface SolvedMemory {
  /** The largest value that fits. */
  readonly value: number;
  /** The predicted bytes with it: `totalBytes` of the breakdown. */
  readonly bytes: number;
  /** Those of the next value; null where there is none, because the value is the largest that makes sense. */
  readonly nextBytes: number | null;
}

/**
 * The largest value of a setting with which a run is predicted to stay within so many bytes: each method by its own memory formula.
 *
 * @param options - Those of `train`; the setting's own value is not read. Nothing is changed and nothing runs.
 * @param goal - `bytes`: of tensors, arrays and worker threads together, above 0. `setting`: the micro-batch, in [1, budget]; the rank
 *   of the adapter, in [1, hidden size]; or the pool, in [budget, examples].
 * @returns The value and its prediction. Where one more step of the setting is below 5 % of the bytes, so is what is left.
 * @throws {TypeError | RangeError} As `train`; if `bytes` is no number above 0 or the setting another; if not even the smallest value fits: the
 *   message says what it needs.
 * @remarks Bisection on `memoryBreakdown`, which grows with each of the three: O(log n) predictions. The process takes more than the
 *   prediction: program, buffers and what the garbage collector has not taken yet; `colm train --memory` measures that.
 * @example
 * import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 16, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const inputIds = Int32Array.of(1, 2, 3, 4);
 * const trainDataset = Array.from({ length: 8 }, () => ({ inputIds, labels: inputIds, source: "counting", truncated: 0 }));
 * const options = { model, trainDataset, pool: 8, budget: 4, loraRank: 2 };
 * const { value } = solveMemory(options, { bytes: 16000, setting: "perDeviceTrainBatchSize" });
 * value; // => 2
 * model.dispose();
 */
export function solveMemory(
  options: TrainOptions,
  goal: { readonly bytes: number; readonly setting: SolvedSetting },
): SolvedMemory {
  const { bytes, setting } = goal;
  check("solveMemory", "bytes", bytes, bytes > 0 && bytes < Infinity, "a finite number above 0");
  const [least, most] = rangeOf(options, setting);
  const bytesAt = (value: number): number =>
    predictMemory(resolveOptions(withSetting(options, setting, value))).totalBytes;
  if (bytesAt(least) > bytes) {
    throw new RangeError(
      `solveMemory: "bytes" must be at least ${bytesAt(least)} for "${setting}" ${least}, got ${bytes}`,
    );
  }
  let [fits, above] = [least, most + 1];
  while (above - fits > 1) {
    const middle = Math.floor((fits + above) / 2);
    if (bytesAt(middle) <= bytes) fits = middle;
    else above = middle;
  }
  return { value: fits, bytes: bytesAt(fits), nextBytes: fits === most ? null : bytesAt(fits + 1) };
}

function rangeOf(options: TrainOptions, setting: SolvedSetting): [least: number, most: number] {
  const { model, trainDataset } = options;
  switch (setting) {
    case "perDeviceTrainBatchSize":
      return [1, resolveOptions(withSetting(options, setting, 1)).budget];
    case "loraRank":
      return [1, model.config.hiddenSize];
    case "pool":
      return [resolveOptions(withSetting(options, setting, trainDataset.length)).budget, trainDataset.length];
    default:
      throw new RangeError(
        `solveMemory: "setting" must be "perDeviceTrainBatchSize", "loraRank" or "pool", got ${describe(setting)}`,
      );
  }
}

function withSetting(options: TrainOptions, setting: SolvedSetting, value: number): TrainOptions {
  // another way to say the same
  const parts = setting === "perDeviceTrainBatchSize" ? { gradientAccumulationSteps: undefined } : {};
  return { ...options, ...parts, [setting]: value };
}
