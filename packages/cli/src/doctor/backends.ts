import { normal } from "@colm/array";
import { collate } from "@colm/data";
import {
  type BackendName,
  chooseBackend,
  createModel,
  graphicsAdapter,
  kernelArithmetic,
  lossAndGradients,
  parseModelConfig,
  setTrainable,
  trainableVariables,
} from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import type { Io } from "../io.ts";
import { attempted, checked, type Row, relativeError, shortest, told } from "./row.ts";

/** Float32 sums of 64 products against float64 ones. */
const MATMUL_TOLERANCE = 1e-5;
/** A difference quotient of float32 losses is no better than this. */
const GRADIENT_TOLERANCE = 1e-2;

/** Each back end: whether it starts, whether it computes rightly, how fast it is. */
export async function backendRows({ now }: Pick<Io, "now">): Promise<Row[]> {
  const rows: Row[] = [];
  for (const name of ["cpu", "wasm"] as const) {
    rows.push(await attempted("back ends", name, () => startRow(name)));
    if (rows.at(-1)?.ok === false) continue;
    rows.push(await attempted("back ends", `${name} product`, () => productRow(name)));
    if (name === "wasm") {
      rows.push(await attempted("back ends", "wasm threads", threadsRow));
      rows.push(await attempted("back ends", "wasm speed", () => speedRow(now)));
    }
    rows.push(await attempted("back ends", `${name} gradient`, () => gradientRow(name)));
    if (name === "wasm") rows.push(await attempted("back ends", "wasm exact gradient", exactGradientRow));
  }
  rows.push(...(await webGpuRows()), told("back ends", "webgl", "in browsers only"));
  return rows;
}

/** WebGPU where it is installed and finds an adapter; being without it is no fault. Afterwards wasm is active again. */
async function webGpuRows(): Promise<Row[]> {
  try {
    await chooseBackend("webgpu");
  } catch (error) {
    return [told("back ends", "webgpu", error instanceof Error ? error.message : String(error))];
  }
  try {
    const adapter = await graphicsAdapter();
    const kind = adapter?.isSoftware ? " (a program that imitates a graphics processor)" : "";
    return [
      told("back ends", "webgpu", `${adapter?.name}${kind}`),
      await attempted("back ends", "webgpu product", () => productRow("webgpu")),
      await attempted("back ends", "webgpu gradient", () => gradientRow("webgpu")),
    ];
  } finally {
    await chooseBackend("wasm");
  }
}

async function startRow(name: BackendName): Promise<Row> {
  await chooseBackend(name);
  return checked(
    "back ends",
    name,
    tf.getBackend() === name,
    `TensorFlow.js ${tf.version_core} runs on ${name}`,
  );
}

/** A product of two matrices against the same in float64. */
async function productRow(name: BackendName): Promise<Row> {
  const n = 64;
  const [a, b] = [1, 2].map((seed) => normal(new Float32Array(n * n), { seed }));
  const expected = Array.from({ length: n * n }, (_, k) => {
    const [i, j] = [Math.floor(k / n), k % n];
    let sum = 0;
    for (let m = 0; m < n; m++) sum += a[i * n + m] * b[m * n + j];
    return sum;
  });
  const product = tf.tidy(() => tf.matMul(tf.tensor2d(a, [n, n]), tf.tensor2d(b, [n, n])));
  const error = relativeError(await product.data(), expected);
  product.dispose();
  return checked(
    "back ends",
    `${name} product`,
    error < MATMUL_TOLERANCE,
    `relative error ${error.toExponential(1)}`,
  );
}

/** The same with the kernels that round alike on every machine; afterwards they are what they were. */
async function exactGradientRow(): Promise<Row> {
  const before = kernelArithmetic();
  if (before === undefined) return told("back ends", "wasm exact gradient", "no kernels of this package");
  await chooseBackend("wasm", { exact: true });
  try {
    const row = await gradientRow("wasm");
    return {
      ...row,
      name: "wasm exact gradient",
      found: `${row.found} (by default the kernels are ${before})`,
    };
  } finally {
    await chooseBackend("wasm", { exact: before === "exact" });
  }
}

/** How many threads the back end computes on: in Node one, whatever the engine could do. */
async function threadsRow(): Promise<Row> {
  const several = await tf.env().getAsync("WASM_HAS_MULTITHREAD_SUPPORT");
  const { getThreadsCount } = await import("@tensorflow/tfjs-backend-wasm");
  return told("back ends", "wasm threads", several === true ? String(getThreadsCount()) : "1");
}

async function speedRow(now: () => number): Promise<Row> {
  const n = 384;
  const a = tf.tensor2d(normal(new Float32Array(n * n), { seed: 3 }), [n, n]);
  try {
    const milliseconds = await shortest(now, async () => {
      const product = tf.matMul(a, a);
      await product.data();
      product.dispose();
    });
    const rate = milliseconds > 0 ? (2 * n ** 3) / milliseconds / 1e6 : 0;
    return told("back ends", "wasm speed", `${rate.toFixed(1)} GFLOP/s in products of ${n} × ${n}`);
  } finally {
    a.dispose();
  }
}

/** The slope of a small model's loss along its own gradient, by a difference of losses and by the backward pass. */
async function gradientRow(name: BackendName): Promise<Row> {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: 24,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    max_position_embeddings: 16,
    tie_word_embeddings: true,
    initializer_range: 0.2,
  });
  const model = createModel(config, { seed: 5 });
  setTrainable(model, "all");
  try {
    const inputIds = Int32Array.of(1, 5, 9, 13, 17, 21, 2, 6);
    const batch = collate([{ inputIds, labels: inputIds }]);
    const start = await lossAndGradients(model, batch);
    const size = Math.sqrt(await squaresOf(start.gradients));
    const step = 0.01;
    const move = (by: number): void => {
      for (const [key, variable] of trainableVariables(model)) {
        const gradient = start.gradients.get(key);
        if (gradient === undefined) throw new Error(`no gradient of ${key}`);
        tf.tidy(() => variable.assign(tf.add(variable, tf.mul(gradient, by / size))));
      }
    };
    const lossNow = async (): Promise<number> => {
      const { losses, gradients } = await lossAndGradients(model, batch);
      tf.dispose([...gradients.values()]);
      return losses[0];
    };
    move(step);
    const ahead = await lossNow();
    move(-2 * step);
    const behind = await lossNow();
    tf.dispose([...start.gradients.values()]);
    const error = Math.abs((ahead - behind) / (2 * step) / size - 1);
    return checked(
      "back ends",
      `${name} gradient`,
      error < GRADIENT_TOLERANCE,
      `backward pass of a small model: slope off by ${error.toExponential(1)}`,
    );
  } finally {
    model.dispose();
  }
}

async function squaresOf(gradients: ReadonlyMap<string, tf.Tensor>): Promise<number> {
  let sum = 0;
  for (const gradient of gradients.values()) {
    const squares = tf.tidy(() => tf.sum(tf.square(gradient)));
    sum += (await squares.data())[0];
    squares.dispose();
  }
  return sum;
}
