import { normal } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { attention, attentionGradient, visibility } from "../src/blocks/attention.ts";
import { gelu, geluGradient } from "../src/blocks/gelu.ts";
import { type Norm, normalize, normalizeGradient } from "../src/blocks/norm.ts";
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

async function expectEqual(compute: () => tf.Tensor[], tolerance = TOLERANCE): Promise<void> {
  const [plain, fused] = await onBoth(compute);
  plain.forEach((values, i) => {
    expect(maxDifference(fused[i], values), `result ${i}`).toBeLessThan(tolerance);
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
    { tokens: 20, heads: 2, kvHeads: 1, headSize: 16, lengths: [20, 16, 15, 8, 7] },
    { tokens: 5, heads: 4, kvHeads: 2, headSize: 6, lengths: [5, 3] },
    { tokens: 13, heads: 4, kvHeads: 1, headSize: 24, lengths: [9, 13, 2, 12], window: 1 },
    { tokens: 33, heads: 3, kvHeads: 3, headSize: 20, lengths: [0, 33, 7], window: 5 },
    { tokens: 40, heads: 2, kvHeads: 1, headSize: 8, lengths: [40, 17, 30], window: 8 },
    { tokens: 40, heads: 2, kvHeads: 2, headSize: 8, lengths: [21, 40, 39], window: 13 },
    { tokens: 9, heads: 2, kvHeads: 2, headSize: 8, lengths: [9, 3], window: 100 },
  ])("attention and its gradients: %o", async ({ tokens, heads, kvHeads, headSize, lengths, window }) => {
    const limit = window === undefined ? {} : { window };
    const shape = { batch: lengths.length, tokens, heads, kvHeads, headSize, ...limit };
    const rows = lengths.length * tokens;
    await expectEqual(() => {
      const q = draws([rows, heads * headSize], 0);
      const k = draws([rows, kvHeads * headSize], 1);
      const v = draws([rows, kvHeads * headSize], 2);
      const seen = visibility(Int32Array.from(lengths), tokens, headSize, [window]);
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

  it("a window of two: the third query weighs the second and the third key", async () => {
    await chooseBackend("wasm");
    const context = tf.tidy(() => {
      const rows = (x: number[]): tf.Tensor =>
        tf.tensor2d(
          x.flatMap((value) => [value, 0, 0, 0]),
          [3, 4],
        );
      const shape = { batch: 1, tokens: 3, heads: 1, kvHeads: 1, headSize: 4, window: 2 };
      const seen = visibility(Int32Array.of(3), 3, 4, [2]);
      return attention(rows([0, 0, 2]), rows([9, 0, 1]), rows([5, 1, 0]), shape, seen).context;
    });
    const [first, , , , second, , , , third] = await context.data();
    context.dispose();
    expect([first, second]).toEqual([5, 3]);
    // the scores 0 and 2 * 1 / sqrt(4) = 1 of the values 1 and 0
    expect(third).toBeCloseTo(1 / (1 + Math.E), 6);
  });

  it.each([
    [2, 2],
    [6, 6],
    [8, 8],
    [10, 10],
    [16, 16],
    [16, 4],
    [10, 6],
    [20, 8],
  ])("rotation, heads of %i entries, %i of them turned", async (size, turned) => {
    const frequencies = Float64Array.from({ length: turned / 2 }, (_, i) => 1 / (i + 1));
    await expectEqual(() => {
      const table = rotaryTable(frequencies, 5, 2);
      const x = draws([15, 2 * size], 4);
      const there = rotate(x, table, size);
      return [there, rotate(there, table, size, -1)];
    });
    const [back] = await onBoth(() => {
      const table = rotaryTable(frequencies, 5, 2);
      const x = draws([15, 2 * size], 4);
      return [tf.sub(rotate(rotate(x, table, size), table, size, -1), x)];
    });
    expect(Math.max(...back[0].map(Math.abs))).toBeLessThan(TOLERANCE);
  });

  it.each([1, 3, 4, 97])("GELU and its gradient, %i entries, both kinds", async (length) => {
    await expectEqual(() => {
      const x = tf.mul(draws([1, length], 14), 4);
      const dy = draws([1, length], 15);
      return [true, false].flatMap((exact) => [gelu(x, exact), geluGradient(x, dy, exact)]);
    });
  });

  it("GELU by hand: 0 at 0, x far above, nothing far below, Phi(1) at 1", async () => {
    await chooseBackend("wasm");
    const y = tf.tidy(() => gelu(tf.tensor1d([0, 30, -30, 1, -1]), true));
    const [zero, above, below, one, minus] = await y.data();
    y.dispose();
    expect([zero, above]).toEqual([0, 30]);
    expect(Math.abs(below)).toBeLessThan(1e-30);
    expect(one).toBeCloseTo(0.8413447460685429, 6);
    expect(minus).toBeCloseTo(0.8413447460685429 - 1, 6);
  });

  it.each([
    [1, 1],
    [3, 5],
    [7, 16],
    [5, 22],
    [64, 130],
  ])("RMSNorm and LayerNorm and their gradients, %i rows of %i", async (rows, width) => {
    for (const centred of [false, true]) {
      await expectEqual(() => {
        const parameter = (name: string, stream: number): Norm["weight"] => ({
          name,
          value: tf.variable(tf.add(draws([width], stream), 1)),
        });
        const norm = { weight: parameter("w", 16), bias: parameter("b", 17), centred, epsilon: 1e-5 };
        const x = tf.add(tf.mul(draws([rows, width], 18), 3), 2);
        const terms: tf.Tensor[] = [];
        const sink = {
          wants: () => true,
          addProduct: () => {},
          addRows: (_: unknown, given: tf.Tensor) => terms.push(tf.keep(tf.clone(given))),
        };
        const dx = normalizeGradient(x, norm, draws([rows, width], 19), sink);
        const y = normalize(x, norm);
        norm.weight.value.dispose();
        norm.bias.value.dispose();
        return [y, dx, ...terms];
      });
    }
  });

  it("LayerNorm by hand: 1 and 3 are -1 and 1 from their mean, RMSNorm divides by sqrt(5)", async () => {
    await chooseBackend("wasm");
    const weight = { name: "w", value: tf.variable(tf.tensor1d([1, 2])) };
    const bias = { name: "b", value: tf.variable(tf.tensor1d([0, 10])) };
    const x = tf.tensor2d([1, 3], [1, 2]);
    const layer = normalize(x, { weight, bias, centred: true, epsilon: 0 });
    expect([...(await layer.data())]).toEqual([-1, 12]);
    const rms = normalize(x, { weight, centred: false, epsilon: 0 });
    const [a, b] = await rms.data();
    expect(a).toBeCloseTo(1 / Math.sqrt(5), 6);
    expect(b).toBeCloseTo(6 / Math.sqrt(5), 6);
    tf.dispose([layer, rms, x, weight.value, bias.value]);
  });

  it.each([1, 3, 4, 97])("SwiGLU and its gradients, %i entries", async (length) => {
    await expectEqual(() => {
      const gate = tf.mul(draws([1, length], 5), 30);
      const up = draws([1, length], 6);
      const { y, dgate, dup } = swigluGradient(gate, up, draws([1, length], 7));
      return [swiglu(gate, up), y, dgate, dup];
    });
  });

  it.each([
    [1, 1, 4],
    [5, 3, 12],
    [67, 9, 20],
    [130, 40, 8],
    [6, 4, 7],
    [70, 1100, 524],
    [3, 530, 1032],
  ])("sums of products, %i rows, %i x %i", async (rows, k, width) => {
    // sums of up to 3300 terms
    await expectEqual(
      () => [
        sumOfProducts([
          [draws([rows, k], 10), draws([k, width], 11)],
          [draws([rows, 2 * k], 12), draws([2 * k, width], 13)],
        ]),
      ],
      1e-5,
    );
  });

  it("products give a row the same bits whatever stands around it", async () => {
    await chooseBackend("wasm");
    const of = async (rows: number): Promise<Float32Array> => {
      const c = tf.tidy(() => {
        const a = tf.slice(draws([70, 1100], 20), [0, 0], [rows, 1100]);
        return sumOfProducts([
          [a, draws([1100, 524], 21)],
          [a, draws([1100, 524], 22)],
        ]);
      });
      const data = Float32Array.from(await c.data());
      c.dispose();
      return data;
    };
    const all = await of(70);
    for (const rows of [1, 2, 4, 5, 9, 64, 66]) expect(await of(rows)).toEqual(all.slice(0, rows * 524));
  });

  it.each([
    [1, 1, 4],
    [3, 5, 8],
    [129, 4, 12],
    [300, 9, 20],
    [40, 7, 9],
    [130, 6, 1],
    [5, 17, 34],
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
