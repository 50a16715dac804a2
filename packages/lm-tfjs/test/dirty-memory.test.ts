import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type BackendOptions, chooseBackend } from "../src/index.ts";
import { type FusedKernels, fusedKernels } from "../src/simd/fused.ts";

/** Leaves NaN in memory of many sizes that is free again: what a kernel reads without having written it shows. */
function soil(): void {
  const sizes = [100, 300, 1000, 3000, 10_000, 40_000];
  tf.dispose(sizes.flatMap((n) => Array.from({ length: 6 }, () => tf.fill([n], Number.NaN))));
}

function random(shape: number[]): tf.Tensor {
  return tf.randomNormal(shape, 0, 1, "float32", 1);
}

const kernels = (): FusedKernels => {
  const found = fusedKernels();
  if (!found) throw new Error("no kernels");
  return found;
};

/** Whether some entry of some result is no number. */
function isSoiled(results: readonly tf.Tensor[]): boolean {
  const found = results.some((tensor) => tensor.dataSync().some(Number.isNaN));
  tf.dispose([...results]);
  return found;
}

afterAll(() => chooseBackend("wasm", { exact: false, revectorize: false }));

const ways: [string, BackendOptions][] = [
  ["kernels that round once", { exact: false }],
  ["kernels that round twice", { exact: true }],
];
if (process.arch === "x64") ways.push(["kernels with paired vectors", { exact: false, revectorize: true }]);

describe.each(ways)("%s read nothing that they have not written", (_, options) => {
  beforeAll(async () => {
    await chooseBackend("wasm", options);
  });

  it("in products of any shape", () => {
    const soiled: number[][] = [];
    for (const rows of [1, 4, 5, 6, 7, 13, 34]) {
      for (const width of [1, 3, 7, 8, 9, 16, 17, 31]) {
        for (const depth of [1, 2, 5, 8, 17, 33]) {
          const [a, b, turned] = [random([rows, depth]), random([depth, width]), random([width, depth])];
          const high = random([depth, rows]);
          soil();
          const sums = kernels().sumOfProducts([
            [a, b, false],
            [a, turned, true],
          ]);
          soil();
          const product = kernels().transposedProduct(high, b);
          if (isSoiled([sums, product])) soiled.push([rows, width, depth]);
          tf.dispose([a, b, turned, high]);
        }
      }
    }
    expect(soiled).toEqual([]);
  });

  it("in attention, forwards and backwards", () => {
    const soiled: number[][] = [];
    for (const tokens of [1, 2, 5, 6, 7, 8, 9, 15, 17, 20]) {
      for (const headSize of [4, 8, 12, 16, 20]) {
        for (const [heads, kvHeads] of [
          [1, 1],
          [4, 2],
        ]) {
          for (const window of [3, 100]) {
            const batch = 2;
            const [q, dcontext] = [1, 2].map(() => random([batch * tokens, heads * headSize]));
            const [k, v] = [1, 2].map(() => random([batch * tokens, kvHeads * headSize]));
            const lengths = tf.tensor1d(Int32Array.of(tokens, Math.max(1, tokens - 2)), "int32");
            const shape = { batch, tokens, heads, kvHeads, headSize, window };
            soil();
            const context = kernels().attention(q, k, v, lengths, shape);
            soil();
            const { dq, dk, dv } = kernels().attentionGradient({ q, k, v, dcontext }, lengths, shape);
            if (isSoiled([context, dq, dk, dv])) soiled.push([tokens, headSize, heads, kvHeads, window]);
            tf.dispose([q, k, v, dcontext, lengths]);
          }
        }
      }
    }
    expect(soiled).toEqual([]);
  });
});
