import { adamNormalize } from "@colm/adam-normalize";
import { matrix, normal } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { autoSums } from "../src/auto-sums.ts";
import type { RunMode } from "../src/choice.ts";
import type { Candidate } from "../src/contest.ts";
import { createKernels } from "../src/index.ts";
import { plainSums } from "../src/plain-sums.ts";
import { sizeOf } from "../src/stream-problem.ts";

/** A clock that nothing but the pretended back ends moves on, and what was called, in order. */
interface Stage {
  now: number;
  readonly calls: string[];
}

/** The plain loops under the name of a mode, at a pretended cost for each call by its number of rows. */
function pretend(stage: Stage, mode: RunMode, cost: (rows: number) => number): Candidate {
  const plain = plainSums();
  const note = (rows: number): void => {
    stage.calls.push(`${mode} ${rows}`);
    stage.now += cost(rows);
  };
  return {
    mode,
    sums: {
      async pairs(term, x, size, cols) {
        note(size);
        return plain.pairs(term, x, size, cols);
      },
      async columns(term, table, column, cols) {
        note(column.length);
        return plain.columns(term, table, column, cols);
      },
      async features(problem) {
        const { rows, dimension } = sizeOf(problem.gradients);
        stage.calls.push(`${mode} ${rows} x ${dimension}`);
        stage.now += cost(rows);
        return plain.features(problem);
      },
      async hold(metric, x, size, cols) {
        note(size);
        return plain.hold(metric, x, size, cols);
      },
      async greedy(problem) {
        note(problem.size);
        return plain.greedy(problem);
      },
      async normals(draws) {
        note(draws.count);
        return plain.normals(draws);
      },
      dispose: plain.dispose,
    },
  };
}

describe("autoSums", () => {
  const points = normal(new Float32Array(300 * 2), { seed: 1 });
  const first = (rows: number): Float32Array => points.subarray(0, 2 * rows);

  it("takes what is fastest for the shape, measured once for each class", async () => {
    const stage: Stage = { now: 0, calls: [] };
    const auto = autoSums(
      [pretend(stage, "plain", (rows) => rows), pretend(stage, "cpu", (rows) => 2 * rows)],
      [pretend(stage, "webgl2", () => 100), pretend(stage, "webgpu", () => 50)],
      () => stage.now,
    );
    expect(auto.mode).toBe("plain");
    const expected = await plainSums().pairs("absolute", points, 300, 2);
    expect(await auto.pairs("absolute", first(300), 300, 2)).toEqual(expected);
    expect(auto.mode).toBe("webgpu");
    const three = (call: string): string[] => [call, call, call];
    expect(stage.calls).toEqual([
      ...three("plain 128"),
      ...three("cpu 128"),
      ...three("plain 300"),
      ...three("webgl2 300"),
      ...three("webgpu 300"),
    ]);
    stage.calls.length = 0;
    await auto.pairs("absolute", first(290), 290, 2);
    expect(stage.calls).toEqual(["webgpu 290"]);
    await auto.pairs("absolute", first(20), 20, 2);
    expect(auto.mode).toBe("plain");
    await auto.pairs("product", first(300), 300, 2);
    await auto.columns("rise", points, new Float32Array(300), 2);
    expect(auto.choices).toEqual([
      {
        term: "absolute",
        upTo: [512, 2],
        mode: "webgpu",
        onSample: { plain: 128, cpu: 256 },
        onWhole: { plain: 300, webgl2: 100, webgpu: 50 },
        failures: {},
      },
      {
        term: "absolute",
        upTo: [32, 2],
        mode: "plain",
        onSample: { plain: 20, cpu: 40 },
        onWhole: { plain: 20, webgl2: 100, webgpu: 50 },
        failures: {},
      },
      expect.objectContaining({ term: "product", upTo: [512, 2], mode: "webgpu" }),
      expect.objectContaining({ term: "rise", upTo: [512, 2], mode: "webgpu" }),
    ]);
  });

  it("measures the stream on its first rows and coordinates, apart for each number of directions", async () => {
    const stage: Stage = { now: 0, calls: [] };
    const auto = autoSums(
      [pretend(stage, "plain", (rows) => rows), pretend(stage, "cpu", () => 1)],
      [pretend(stage, "webgpu", () => 50)],
      () => stage.now,
    );
    const adam = adamNormalize();
    const ask = (q: number): Promise<Float32Array> => {
      const coefficients = matrix(normal(new Float32Array(130 * q), { seed: q }), 130, q);
      const gradients = directionalGradients(coefficients, { dimension: 20_000, seed: 1 });
      const groups = new Int32Array(130);
      return auto.features({ state: adam.init(20_000), gradients, keep: 3, groups, normalizer: adam });
    };
    expect((await ask(1)).length).toBe(390);
    const three = (call: string): string[] => [call, call, call];
    expect(stage.calls).toEqual([
      ...three("plain 128 x 16384"),
      ...three("cpu 128 x 16384"),
      ...three("cpu 130 x 20000"),
      ...three("webgpu 130 x 20000"),
    ]);
    await ask(1);
    expect(stage.calls.slice(12)).toEqual(["cpu 130 x 20000"]);
    await ask(2);
    expect(auto.choices.map(({ term, upTo, directions, mode }) => [term, upTo, directions, mode])).toEqual([
      ["features", [256, 32_768], 1, "cpu"],
      ["features", [256, 32_768], 2, "cpu"],
    ]);
  });

  it("runs the whole call once where there is no graphics mode", async () => {
    const stage: Stage = { now: 0, calls: [] };
    const auto = autoSums([pretend(stage, "plain", () => 1)], [], () => stage.now);
    await auto.pairs("squared", first(300), 300, 2);
    expect(stage.calls).toEqual(["plain 128", "plain 128", "plain 128", "plain 300"]);
    expect(auto.choices).toEqual([
      {
        term: "squared",
        upTo: [512, 2],
        mode: "plain",
        onSample: { plain: 1 },
        onWhole: {},
        failures: {},
      },
    ]);
  });

  it("says which mode could not run the call, and what it said", async () => {
    const stage: Stage = { now: 0, calls: [] };
    const broken = pretend(stage, "webgl2", () => {
      throw new Error("texture too large");
    });
    const auto = autoSums([pretend(stage, "plain", () => 1)], [broken], () => stage.now);
    await auto.pairs("squared", first(3), 3, 2);
    expect(auto.choices[0].failures).toEqual({ webgl2: "Error: texture too large" });
    expect(auto.mode).toBe("plain");
    const none = autoSums([broken], [], () => stage.now);
    await expect(none.pairs("squared", first(3), 3, 2)).rejects.toThrow(
      'no mode could run the call: {"webgl2":"Error: texture too large"}',
    );
  });

  it("measures once when calls of one class overlap", async () => {
    const stage: Stage = { now: 0, calls: [] };
    const auto = autoSums([pretend(stage, "plain", () => 1)], [], () => stage.now);
    await Promise.all([auto.pairs("squared", first(3), 3, 2), auto.pairs("squared", first(4), 4, 2)]);
    expect(auto.choices.map(({ upTo }) => upTo)).toEqual([[4, 2]]);
    await auto.dispose();
  });
});

describe('createKernels({ mode: "auto" })', () => {
  it("computes what the modes by name compute, and says where and why", async () => {
    const kernels = await createKernels();
    expect(kernels.mode).toBe("plain");
    expect(kernels.choices).toEqual([]);
    const named = await createKernels({ mode: "cpu" });
    expect(named.choices).toEqual([]);
    for (const [n, d] of [
      [1, 1],
      [1, 7],
      [17, 257],
      [131, 12],
    ]) {
      const points = matrix(normal(new Float32Array(n * d), { seed: n }), n, d);
      const cover = normal(new Float32Array(n), { seed: 2 });
      const gram = await kernels.gram(points);
      const pairs = [
        [(await kernels.pairwise(points, "l1")).data, (await named.pairwise(points, "l1")).data],
        [(await kernels.pairwise(points, "l2")).data, (await named.pairwise(points, "l2")).data],
        [(await kernels.pairwise(points, "cosine")).data, (await named.pairwise(points, "cosine")).data],
        [gram.data, (await named.gram(points)).data],
        [await kernels.gains(points, cover), await named.gains(points, cover)],
        [await kernels.herdingScores(gram, [0]), await named.herdingScores(gram, [0])],
      ];
      const adam = adamNormalize();
      const stream = [adam.init(d), points, { keep: Math.ceil(d / 3), normalizer: adam }] as const;
      const features = await kernels.normalizedFeatures(...stream);
      expect(features.data).toEqual((await named.normalizedFeatures(...stream)).data);
      for (const [actual, expected] of pairs) {
        const scale = Math.max(1, ...Array.from(expected, Math.abs));
        for (let p = 0; p < expected.length; p++) {
          expect(Math.abs(actual[p] - expected[p])).toBeLessThanOrEqual(1e-5 * scale);
        }
      }
    }
    expect(kernels.choices.at(-1)?.mode).toBe(kernels.mode);
    expect(["plain", "webasm", "cpu"]).toContain(kernels.mode);
    await Promise.all([kernels.dispose(), named.dispose()]);
  });
});
