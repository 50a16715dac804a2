import { normal } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { describe, expect, it } from "vitest";
import { crossEntropy } from "../src/blocks/cross-entropy.ts";
import { product, productWithTransposed, sumOfProducts } from "../src/blocks/product.ts";
import { chooseBackend } from "../src/index.ts";
import { maxDifference } from "./golden-file.ts";

function draws(shape: number[], stream: number): tf.Tensor {
  const size = shape.reduce((all, length) => all * length, 1);
  return tf.tensor(normal(new Float32Array(size), { seed: 11, stream }), shape);
}

async function valuesOn(backend: "cpu" | "wasm", compute: () => tf.Tensor[]): Promise<Float32Array[]> {
  await chooseBackend(backend);
  const tensors = tf.tidy(compute);
  const data = await Promise.all(tensors.map(async (tensor) => Float32Array.from(await tensor.data())));
  tf.dispose(tensors);
  return data;
}

describe("products with a matrix that lies turned", () => {
  it.each([
    [1, 3, 5],
    [2, 8, 12],
    [9, 17, 7],
    [67, 40, 30],
    [5, 1030, 9],
    [70, 1100, 523],
  ])(
    "are those with its transpose, to the last bit: %i rows, %i deep, %i wide",
    async (rows, depth, width) => {
      const compute = (): tf.Tensor[] => {
        const a = draws([rows, depth], 0);
        const b = draws([width, depth], 1);
        const turned = tf.transpose(b);
        return [
          productWithTransposed(a, b),
          product(a, turned),
          sumOfProducts([
            [a, b, true],
            [a, turned],
          ]),
        ];
      };
      const [turned, straight, both] = await valuesOn("wasm", compute);
      expect(turned).toEqual(straight);
      const [plain, , plainBoth] = await valuesOn("cpu", compute);
      // sums of up to 1100 terms, and twice as many
      expect(maxDifference(turned, plain)).toBeLessThan(5e-6);
      expect(maxDifference(both, plainBoth)).toBeLessThan(5e-6);
    },
  );

  it("give a row the same bits whatever stands around it, at odd widths too", async () => {
    const of = async (rows: number): Promise<Float32Array> => {
      const [values] = await valuesOn("wasm", () => {
        const a = tf.slice(draws([70, 1100], 2), [0, 0], [rows, 1100]);
        return [productWithTransposed(a, draws([523, 1100], 3))];
      });
      return values;
    };
    const all = await of(70);
    for (const rows of [1, 4, 5, 64, 66]) expect(await of(rows)).toEqual(all.slice(0, rows * 523));
  });
});

describe("cross-entropy", () => {
  it("by hand: logits 0, ln 2, ln 5 have probabilities 1, 2 and 5 of 8", async () => {
    const logits = [0, Math.log(2), Math.log(5), 0, Math.log(2), Math.log(5)];
    const [losses, probabilities] = await valuesOn("wasm", () => {
      const result = crossEntropy(tf.tensor2d(logits, [2, 3]), Int32Array.of(0, 2), true);
      return [result.losses, result.probabilities];
    });
    expect(losses[0]).toBeCloseTo(Math.log(8), 6);
    expect(losses[1]).toBeCloseTo(Math.log(8 / 5), 6);
    [1, 2, 5, 1, 2, 5].forEach((share, i) => {
      expect(probabilities[i]).toBeCloseTo(share / 8, 6);
    });
  });

  it.each([1, 3, 4, 5, 63, 300, 2049])("is that of the plain operations, %i logits", async (width) => {
    const targets = Int32Array.of(0, width - 1, Math.floor(width / 2));
    const compute = (): tf.Tensor[] => {
      const { losses, probabilities } = crossEntropy(tf.mul(draws([3, width], 4), 20), targets, true);
      const alone = crossEntropy(tf.mul(draws([3, width], 4), 20), targets, false);
      return [losses, probabilities, alone.losses];
    };
    const [losses, probabilities, alone] = await valuesOn("wasm", compute);
    const [plainLosses, plainProbabilities] = await valuesOn("cpu", compute);
    expect(alone).toEqual(losses);
    if (width > 1) expect(maxDifference(losses, plainLosses)).toBeLessThan(2e-6);
    else expect([...losses]).toEqual([0, 0, 0]);
    expect(maxDifference(probabilities, plainProbabilities)).toBeLessThan(2e-6);
    for (let row = 0; row < 3; row++) {
      const sum = probabilities.slice(row * width, (row + 1) * width).reduce((all, p) => all + p, 0);
      expect(Math.abs(sum - 1)).toBeLessThan(1e-6);
    }
  });

  it("stands far logits, and passes on what is no number", async () => {
    const [losses] = await valuesOn("wasm", () => {
      const logits = tf.tensor2d([1e4, -1e4, 0, Number.NaN, 1, 2], [2, 3]);
      return [crossEntropy(logits, Int32Array.of(1, 1), true).losses];
    });
    expect(losses[0]).toBe(20000);
    expect(losses[1]).toBeNaN();
  });
});
