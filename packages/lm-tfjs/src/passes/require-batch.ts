import { describe } from "@colm/array";
import type { Batch } from "@colm/data";
import type { ModelConfig } from "../checkpoint/model-config.ts";

/** Checks a batch against a model. */
export function requireBatch(caller: string, batch: Batch, config: ModelConfig): void {
  const { inputIds, attentionMask, labels, shape } = batch;
  const { vocabSize: vocabulary, maxPositionEmbeddings: positions } = config;
  const [rows, tokens] = shape;
  if (!(Number.isInteger(rows) && rows >= 1 && Number.isInteger(tokens) && tokens >= 1)) {
    throw new RangeError(
      `${caller}: "batch.shape" must be two integers of at least 1, got ${describe(shape)}`,
    );
  }
  if (tokens > positions) {
    throw new RangeError(
      `${caller}: "batch.shape" must have at most ${positions} tokens (the model's positions), got ${tokens}`,
    );
  }
  const size = rows * tokens;
  const known = (id: number): boolean => id >= 0 && id < vocabulary;
  requireEntries(caller, "inputIds", inputIds, size, known, `in [0, ${vocabulary})`);
  const label = (id: number): boolean => id === -100 || known(id);
  requireEntries(caller, "labels", labels, size, label, `-100 or in [0, ${vocabulary})`);
  const padding = (bit: number, i: number): boolean =>
    bit === 0 || (bit === 1 && (i % tokens === 0 || attentionMask[i - 1] === 1));
  requireEntries(
    caller,
    "attentionMask",
    attentionMask,
    size,
    padding,
    "ones, then zeros, in each row (right padding)",
  );
}

/** Number of tokens of each sequence of a checked batch. */
export function sequenceLengths({ attentionMask, shape: [batch, tokens] }: Batch): Int32Array {
  const lengths = new Int32Array(batch);
  for (let i = 0; i < attentionMask.length; i++) lengths[Math.floor(i / tokens)] += attentionMask[i];
  return lengths;
}

/** The examples `rows` of a batch, in that order, padded as they were. */
export function selectExamples({ inputIds, attentionMask, labels, shape }: Batch, rows: Int32Array): Batch {
  const tokens = shape[1];
  const take = (from: Int32Array): Int32Array => {
    const out = new Int32Array(rows.length * tokens);
    rows.forEach((row, i) => {
      out.set(from.subarray(row * tokens, (row + 1) * tokens), i * tokens);
    });
    return out;
  };
  return {
    inputIds: take(inputIds),
    attentionMask: take(attentionMask),
    labels: take(labels),
    shape: [rows.length, tokens],
  };
}

function requireEntries(
  caller: string,
  name: string,
  values: Int32Array,
  length: number,
  holds: (value: number, index: number) => boolean,
  condition: string,
): void {
  if (!(values instanceof Int32Array)) {
    throw new TypeError(`${caller}: "batch.${name}" must be an Int32Array, got ${describe(values)}`);
  }
  if (values.length !== length) {
    throw new RangeError(
      `${caller}: "batch.${name}" must have ${length} entries (batch.shape), got ${values.length}`,
    );
  }
  for (let i = 0; i < length; i++) {
    if (!holds(values[i], i)) {
      throw new RangeError(`${caller}: "batch.${name}" must be ${condition}, got ${values[i]} at ${i}`);
    }
  }
}
