import type { Batch } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { product, productWithTransposed } from "../src/blocks/product.ts";
import { type BackendOptions, chooseBackend } from "../src/index.ts";
import { tinyModel } from "./tiny-model.ts";

type Row = readonly [seed: number, length: number, prompt: number];

/** Right-padded rows whose tokens are a function of their seed. */
function batchOf(rows: readonly Row[], tokens: number): Batch {
  const inputIds = new Int32Array(rows.length * tokens);
  const attentionMask = new Int32Array(inputIds.length);
  const labels = new Int32Array(inputIds.length).fill(-100);
  rows.forEach(([seed, length, prompt], b) => {
    for (let t = 0; t < length; t++) {
      const at = b * tokens + t;
      inputIds[at] = (7 * seed + 5 * t + seed * t * t) % 24;
      attentionMask[at] = 1;
      if (t >= prompt) labels[at] = inputIds[at];
    }
  });
  return { inputIds, attentionMask, labels, shape: [rows.length, tokens] };
}

afterAll(() => chooseBackend("wasm", { exact: false }));

const ways: BackendOptions[] = [{ exact: false }, { exact: true }];

describe.each(ways)("an example alone and among others, %o", (options) => {
  beforeAll(async () => {
    await chooseBackend("wasm", options);
  });

  it("has the same loss to the last bit, however far it is padded", async () => {
    const model = tinyModel();
    const rows: Row[] = [
      [1, 9, 0],
      [2, 6, 2],
      // one label alone: one row in the last block and in the head
      [3, 4, 3],
      [4, 8, 7],
      [5, 7, 6],
    ];
    for (const row of rows) {
      const [expected] = await model.losses(batchOf([row], row[1]));
      for (const tokens of [9, 12, 17]) {
        for (const others of [0, 1, 2, 6]) {
          const before = Array.from({ length: others }, (_, i): Row => [10 + i, 3 + i, 0]);
          const found = await model.losses(batchOf([...before, row], tokens));
          expect(found[others]).toBe(expected);
        }
      }
    }
    model.dispose();
  });

  it("has the same row in products of any shape", () => {
    const apart: number[][] = [];
    for (const depth of [1, 3, 16, 22, 400]) {
      for (const width of [1, 6, 8, 13, 33]) {
        for (const rows of [2, 5, 13]) {
          const a = tf.randomNormal([rows, depth], 0, 1, "float32", 1);
          const b = tf.randomNormal([depth, width], 0, 1, "float32", 2);
          const turned = tf.transpose(b);
          for (const multiply of [
            (x: tf.Tensor) => product(x, b),
            (x: tf.Tensor) => productWithTransposed(x, turned),
          ]) {
            const all = multiply(a);
            for (let i = 0; i < rows; i++) {
              const alone = multiply(tf.slice(a, [i, 0], [1, depth])).dataSync();
              const among = tf.slice(all, [i, 0], [1, width]).dataSync();
              if (alone.some((x, j) => x !== among[j])) apart.push([depth, width, rows, i]);
            }
          }
          tf.dispose([a, b, turned]);
        }
      }
    }
    expect(apart).toEqual([]);
  });
});
