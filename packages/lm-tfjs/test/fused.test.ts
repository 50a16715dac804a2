import { normal } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { attention, attentionGradient, visibility } from "../src/blocks/attention.ts";
import { sumOfProducts } from "../src/blocks/product.ts";
import { rotaryTable, rotate } from "../src/blocks/rotary.ts";
import { swiglu, swigluGradient } from "../src/blocks/swiglu.ts";
import { chooseBackend } from "../src/index.ts";
import { fusedKernels } from "../src/simd/fused.ts";
import { maxDifference } from "./golden-file.ts";

// float32 sums in another order, and an exponential good to 1e-7
const TOLERANCE = 2e-6;

function draws(shape: number[], stream: number): tf.Tensor {
  const size = shape.reduce((product, length) => product * length, 1);
  return tf.tensor(normal(new Float32Array(size), { seed: 9, stream }), shape);
}

/** What `compute` returns on the plain cpu back end, and on wasm with the fused kernels. */
async function onBoth(compute: () => tf.Tensor[]): Promise<[plain: Float32Array[], fused: Float32Array[]]> {
  const run = async (backend: "cpu" | "wasm"): Promise<Float32Array[]> => {
    await chooseBackend(backend);
    const tensors = tf.tidy(compute);
    const data = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
    tf.dispose(tensors);
    return data;
  };
  return [await run("cpu"), await run("wasm")];
}

async function expectEqual(compute: () => tf.Tensor[]): Promise<void> {
  const [plain, fused] = await onBoth(compute);
  plain.forEach((values, i) => {
    expect(maxDifference(fused[i], values), `result ${i}`).toBeLessThan(TOLERANCE);
  });
}

describe("fused kernels", () => {
  it("exist on wasm and nowhere else", async () => {
    await chooseBackend("wasm");
    expect(fusedKernels()).toBeDefined();
    await chooseBackend("cpu");
    expect(fusedKernels()).toBeUndefined();
  });

  it.each([
    { tokens: 1, heads: 1, kvHeads: 1, headSize: 4, lengths: [1] },
    { tokens: 3, heads: 2, kvHeads: 2, headSize: 8, lengths: [3, 1] },
    { tokens: 7, heads: 4, kvHeads: 2, headSize: 12, lengths: [7, 5, 4] },
    { tokens: 8, heads: 6, kvHeads: 2, headSize: 16, lengths: [8, 4] },
    { tokens: 13, heads: 4, kvHeads: 1, headSize: 24, lengths: [9, 13, 2, 12] },
    { tokens: 33, heads: 3, kvHeads: 3, headSize: 20, lengths: [0, 33] },
    { tokens: 5, heads: 4, kvHeads: 2, headSize: 6, lengths: [5, 3] },
  ])("attention and its gradients: %o", async ({ tokens, heads, kvHeads, headSize, lengths }) => {
    const shape = { batch: lengths.length, tokens, heads, kvHeads, headSize };
    const rows = lengths.length * tokens;
    await expectEqual(() => {
      const q = draws([rows, heads * headSize], 0);
      const k = draws([rows, kvHeads * headSize], 1);
      const v = draws([rows, kvHeads * headSize], 2);
      const seen = visibility(Int32Array.from(lengths), tokens, headSize);
      const { context, pass } = attention(q, k, v, shape, seen);
      const dcontext = draws(context.shape, 3);
      const { dq, dk, dv } = attentionGradient(pass, shape, seen, dcontext);
      return [context, dq, dk, dv];
    });
  });

  it("attention by hand: the second query weighs two keys e : 1", async () => {
    await chooseBackend("wasm");
    const context = tf.tidy(() => {
      const q = tf.tensor2d([0, 0, 0, 0, 2, 0, 0, 0], [2, 4]);
      const k = tf.tensor2d([1, 0, 0, 0, 0, 0, 0, 0], [2, 4]);
      const v = tf.tensor2d([1, 0, 0, 0, 0, 1, 0, 0], [2, 4]);
      const shape = { batch: 1, tokens: 2, heads: 1, kvHeads: 1, headSize: 4 };
      return attention(q, k, v, shape, visibility(Int32Array.of(2), 2, 4)).context;
    });
    const [a, b, c, d, e, f] = await context.data();
    context.dispose();
    expect([a, b, c, d]).toEqual([1, 0, 0, 0]);
    // the score 2 * 1 / sqrt(4) = 1 against 0
    expect(e).toBeCloseTo(Math.E / (1 + Math.E), 6);
    expect(f).toBeCloseTo(1 / (1 + Math.E), 6);
  });

  it.each([2, 6, 8, 10, 16])("rotation, heads of %i entries", async (size) => {
    const frequencies = Float64Array.from({ length: size / 2 }, (_, i) => 1 / (i + 1));
    await expectEqual(() => {
      const table = rotaryTable(frequencies, 5, 2);
      const x = draws([15, 2 * size], 4);
      const turned = rotate(x, table);
      return [turned, rotate(turned, table, -1)];
    });
    const [there] = await onBoth(() => {
      const table = rotaryTable(frequencies, 5, 2);
      const x = draws([15, 2 * size], 4);
      return [tf.sub(rotate(rotate(x, table), table, -1), x)];
    });
    expect(Math.max(...there[0].map(Math.abs))).toBeLessThan(TOLERANCE);
  });

  it.each([1, 3, 4, 97])("SwiGLU and its gradients, %i entries", async (length) => {
    await expectEqual(() => {
      const gate = tf.mul(draws([1, length], 5), 30);
      const up = draws([1, length], 6);
      const { dgate, dup } = swigluGradient(gate, up, draws([1, length], 7));
      return [swiglu(gate, up), dgate, dup];
    });
  });

  it.each([
    [1, 1, 4],
    [5, 3, 12],
    [67, 9, 20],
    [130, 40, 8],
    [6, 4, 7],
  ])("sums of products, %i rows, %i x %i", async (rows, k, width) => {
    await expectEqual(() => [
      sumOfProducts([
        [draws([rows, k], 10), draws([k, width], 11)],
        [draws([rows, 2 * k], 12), draws([2 * k, width], 13)],
      ]),
    ]);
  });

  it.each([
    [1, 1, 4],
    [3, 5, 8],
    [129, 4, 12],
    [300, 9, 20],
  ])("products of tall matrices, %i rows, %i x %i", async (rows, m, n) => {
    await chooseBackend("wasm");
    const [got, expected] = tf.tidy(() => {
      const a = draws([rows, m], 8);
      const b = draws([rows, n], 9);
      return [fusedKernels()?.transposedProduct(a, b) ?? tf.scalar(0), tf.matMul(tf.transpose(a), b)];
    });
    expect(maxDifference(await got.data(), await expected.data())).toBeLessThan(1e-5);
    tf.dispose([got, expected]);
  });
});
