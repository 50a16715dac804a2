import { matrix, normal } from "@colm/array";
import { type DirectionalGradients, directionalGradients } from "@colm/spsa";
import { afterEach, describe, expect, it, vi } from "vitest";
import { adamRule } from "../src/adam-rule.ts";
import type { ColumnBlocks } from "../src/column-blocks.ts";
import { plainGradientSums } from "../src/gradient-sums.ts";
import { type AdamState, adamNormalize, normalizedFeatures } from "../src/index.ts";
import { plainBlocks } from "../src/normalized-blocks.ts";
import { BLOCK, forEachBlock } from "../src/row-blocks.ts";
import { simdGradientSums } from "../src/simd/gradient-sums.ts";
import { simdBlocks } from "../src/simd/normalized-blocks.ts";
import { simdStoredBlocks } from "../src/simd/stored-blocks.ts";

/** n, q, d: 1 and numbers that are no multiple of the two rows, the eight columns, the blocks; more rows and columns than fit at once. */
const shapes: [number, number, number][] = [
  [1, 1, 1],
  [2, 3, 7],
  [5, 8, 1023],
  [3, 17, 1025],
  [131, 2, 1100],
  [4, 300, 1030],
];

const adam = adamNormalize();

function estimates(n: number, q: number, dimension: number, step: number): DirectionalGradients {
  const c = matrix(normal(new Float32Array(n * q), { seed: 5, stream: step }), n, q);
  return directionalGradients(c, { dimension, seed: 9, step, fresh: true });
}

/** Without history, with factors of a direction, with two vectors. */
function statesOf(g: DirectionalGradients): AdamState[] {
  const { dimension } = g;
  const along = estimates(2, 1, dimension, 7);
  const first = adam.init(dimension);
  return [first, adam.advance(first, along, [0, 1]), adam.advance(adam.advance(first, along, [0]), g, [0])];
}

/** Scores of all and of some rows, entries of few columns and of many: everything that blocks tell. */
function read(blocks: ColumnBlocks | undefined): Uint32Array {
  if (blocks === undefined) throw new Error("there must be WebAssembly SIMD here");
  const { rows, dimension } = blocks;
  const all = Int32Array.from({ length: rows }, (_, i) => i);
  const some = all.filter((i) => i % 3 !== 1);
  const scores = new Float32Array(2 * dimension);
  const entries = new Float32Array(rows * dimension);
  const score = new Float32Array(BLOCK);
  forEachBlock(dimension, (start, length) => {
    blocks.load(start, length);
    [all, some].forEach((list, which) => {
      blocks.scores(list, score);
      scores.set(score.subarray(0, length), which * dimension + start);
    });
    const columns = Int32Array.from({ length }, (_, j) => start + j);
    blocks.entries(
      all,
      start === 0 ? columns : columns.filter((j) => j % 3 === 1),
      entries,
      start,
      dimension,
    );
  });
  return new Uint32Array([...new Uint32Array(scores.buffer), ...new Uint32Array(entries.buffer)]);
}

describe("WebAssembly kernels", () => {
  it.each(shapes)("give the bits of plain typed arrays: n = %d, q = %d, d = %d", (n, q, d) => {
    const g = estimates(n, q, d, 3);
    for (const state of statesOf(g)) {
      const rule = adamRule(adam, state.step);
      expect(read(simdBlocks(state, g, rule))).toEqual(read(plainBlocks(state, g, rule)));
    }
  });

  it.each(shapes)("do so on stored gradients, any stride: n = %d, q = %d, d = %d", (n, q, d) => {
    const g = estimates(n, q, d, 3);
    const stored = matrix(normal(new Float32Array(n * d), { seed: 4 }), d, n).transpose(1, 0);
    for (const state of statesOf(g)) {
      const rule = adamRule(adam, state.step);
      expect(read(simdStoredBlocks(state, stored, rule))).toEqual(read(plainBlocks(state, stored, rule)));
    }
  });

  it.each(shapes)("sum gradients and squares to the same bits: n = %d, q = %d, d = %d", (n, q, d) => {
    const g = estimates(n, q, d, 3);
    for (const selected of [[n - 1], Array.from({ length: n }, (_, i) => n - 1 - i)]) {
      const both = [plainGradientSums(g, selected), simdGradientSums(g, selected)].map((sumsOf) => {
        const [sum, squares] = [new Float64Array(BLOCK), new Float64Array(BLOCK)];
        const seen: number[] = [];
        forEachBlock(d, (start, length) => {
          sumsOf?.(start, length, sum, squares);
          seen.push(...sum.subarray(0, length), ...squares.subarray(0, length));
        });
        return new Uint32Array(Float64Array.from(seen).buffer);
      });
      expect(both[1]).toEqual(both[0]);
    }
  });
});

describe("without WebAssembly", () => {
  afterEach(() => vi.unstubAllGlobals());

  it("features and history have the same bits", async () => {
    const g = estimates(6, 5, 2500, 1);
    const groups = [0, 1, 1, 0, 2, 0];
    const state = adam.advance(adam.init(2500), g, [1, 4]);
    const features = normalizedFeatures(state, g, { keep: 40, groups, normalizer: adam });
    vi.stubGlobal("WebAssembly", undefined);
    vi.resetModules();
    const plain = await import("../src/index.ts");
    const normalizer = plain.adamNormalize();
    const again = normalizer.advance(normalizer.init(2500), g, [1, 4]);
    expect(again).toEqual(state);
    expect(plain.normalizedFeatures(again, g, { keep: 40, groups, normalizer }).data).toEqual(features.data);
  });
});
