import { type Matrix, matrix } from "@colm/array";
import { staticFeatures } from "@colm/coreset";
import { type Batch, collate, type Example } from "@colm/data";
import {
  type CausalLM,
  forwardPool,
  lastBlockGradients,
  lastValueGradients,
  lastValueSpsa,
  type PoolPass,
} from "@colm/lm-tfjs";
import type { DirectionalGradients } from "@colm/spsa";

/** The exact gradients of a pool. */
export interface RecordedGradients {
  /** Names of the examples in the training set. */
  readonly ids: Int32Array;
  /** Exact gradients of the last V projection's LoRA B, `[n, d]`. */
  readonly gradients: Matrix;
}

/** Everything that a method may read of one pool, recorded from a model. */
export interface RecordedPool extends RecordedGradients {
  readonly sources: Int32Array;
  /** Zeroth-order estimates on the one direction of the run, and on eight fresh ones. */
  readonly oneDirection: DirectionalGradients;
  readonly eightDirections: DirectionalGradients;
  /** Exact gradients of all LoRA factors of the last block. */
  readonly lastBlock: Matrix;
  readonly staticFeatures: Matrix;
  readonly losses: Float32Array;
  readonly lengths: Int32Array;
  readonly confidences: Float64Array;
}

/** Examples in one forward pass. */
const MICRO_BATCH = 32;

const SEED = 11;

/** The examples that pools are drawn from, with what needs no model. */
export interface PoolSource {
  readonly examples: readonly Example[];
  readonly sources: Int32Array;
  /** `[examples, dimension]`. */
  readonly features: Matrix;
}

/**
 * Static features of the whole data set, as a training run would make them once. Prompt and answer tokens are the same terms:
 * on other draws of the mixture that was a little better than telling them apart.
 */
export function featuresOfAll(examples: readonly Example[]): Matrix {
  return staticFeatures(
    examples.map(({ inputIds }) => inputIds),
    { dimension: 256, seed: SEED },
  );
}

/** The exact gradients of the examples `ids`, for a memory. */
export async function recordGradients(
  model: CausalLM,
  { examples }: PoolSource,
  ids: Int32Array,
): Promise<RecordedGradients> {
  const gradients: Rows = { data: undefined };
  await passOver(
    model,
    Array.from(ids, (id) => examples[id]),
    async (pass, positions) => {
      putRows(gradients, ids.length, await lastValueGradients(model, pass), positions);
    },
  );
  return { ids, gradients: toMatrix(gradients, ids.length) };
}

/** One pass of the model over the examples `ids`, and all that the methods may ask of it. */
export async function recordPool(
  model: CausalLM,
  source: PoolSource,
  ids: Int32Array,
  step: number,
): Promise<RecordedPool> {
  const pool = Array.from(ids, (id) => source.examples[id]);
  const losses = new Float32Array(pool.length);
  const confidences = new Float64Array(pool.length);
  const gradients: Rows = { data: undefined };
  const one: Rows = { data: undefined };
  const eight: Rows = { data: undefined };
  const block: Rows = { data: undefined };
  let dimension = 0;
  await passOver(model, pool, async (pass, positions) => {
    const fixed = await lastValueSpsa(model, pass, { seed: SEED, step });
    const fresh = await lastValueSpsa(model, pass, { seed: SEED, step, directions: 8, fresh: true });
    putRows(gradients, pool.length, await lastValueGradients(model, pass), positions);
    putRows(block, pool.length, await lastBlockGradients(model, pass), positions);
    putRows(one, pool.length, fixed.coefficients, positions);
    putRows(eight, pool.length, fresh.coefficients, positions);
    const sure = meanConfidences(pass.batch, await model.logits(pass.batch));
    for (const [row, at] of positions.entries()) {
      losses[at] = pass.losses[row];
      confidences[at] = sure[row];
    }
    dimension = fixed.dimension;
  });
  const estimate = { dimension, seed: SEED, step };
  return {
    ids,
    sources: ids.map((id) => source.sources[id]),
    gradients: toMatrix(gradients, pool.length),
    oneDirection: { ...estimate, coefficients: toMatrix(one, pool.length), fresh: false },
    eightDirections: { ...estimate, coefficients: toMatrix(eight, pool.length), fresh: true },
    lastBlock: toMatrix(block, pool.length),
    staticFeatures: rowsOf(source.features, ids),
    losses,
    lengths: Int32Array.from(pool, ({ labels }) => labels.filter((label) => label >= 0).length),
    confidences,
  };
}

/** Passes over a pool in micro-batches of like length; `read` is told which examples they hold. */
async function passOver(
  model: CausalLM,
  pool: readonly Example[],
  read: (pass: PoolPass, positions: readonly number[]) => Promise<void>,
): Promise<void> {
  const order = Array.from(pool.keys()).sort(
    (a, b) => pool[b].inputIds.length - pool[a].inputIds.length || a - b,
  );
  for (let begin = 0; begin < order.length; begin += MICRO_BATCH) {
    const positions = order.slice(begin, begin + MICRO_BATCH);
    const pass = await forwardPool(model, collate(positions.map((at) => pool[at])), { keep: "last" });
    try {
      await read(pass, positions);
    } finally {
      pass.dispose();
    }
  }
}

/** Rows that come in one by one; their width is known with the first. */
interface Rows {
  data: Float32Array | undefined;
}

function putRows(rows: Rows, count: number, from: Matrix, positions: readonly number[]): void {
  const cols = from.shape[1];
  rows.data ??= new Float32Array(count * cols);
  for (const [row, to] of positions.entries()) {
    for (let j = 0; j < cols; j++) rows.data[to * cols + j] = from.get(row, j);
  }
}

function toMatrix({ data = new Float32Array(0) }: Rows, count: number): Matrix {
  return matrix(data, count, data.length / count);
}

function rowsOf({ data, shape }: Matrix, ids: Int32Array): Matrix {
  const out = new Float32Array(ids.length * shape[1]);
  ids.forEach((id, i) => {
    out.set(data.subarray(id * shape[1], (id + 1) * shape[1]), i * shape[1]);
  });
  return matrix(out, ids.length, shape[1]);
}

/** The mean over the positions that predict a label of the largest probability there. */
function meanConfidences({ labels, shape }: Batch, { data, shape: [, vocabulary] }: Matrix): Float64Array {
  const [rows, tokens] = shape;
  return Float64Array.from({ length: rows }, (_, row) => {
    let sum = 0;
    let count = 0;
    for (let t = 0; t + 1 < tokens; t++) {
      if (labels[row * tokens + t + 1] < 0) continue;
      const logits = data.subarray((row * tokens + t) * vocabulary, (row * tokens + t + 1) * vocabulary);
      let largest = Number.NEGATIVE_INFINITY;
      for (const x of logits) largest = Math.max(largest, x);
      let total = 0;
      for (const x of logits) total += Math.exp(x - largest);
      sum += 1 / total;
      count++;
    }
    return sum / Math.max(1, count);
  });
}
