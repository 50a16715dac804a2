import { matrix, normal } from "@colm/array";
import { facilityLocation, maximize, type SparseMatrix, similarity } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicMatrix, strided, untyped } from "./oracle.ts";

const sparse: SparseMatrix = {
  shape: [3, 2],
  starts: Int32Array.of(0, 2, 2, 3),
  columns: Int32Array.of(0, 1, 1),
  values: Float32Array.of(1, 3, 2),
};

describe("sparse similarities", () => {
  it("count where they are, and are 0 elsewhere", () => {
    const f = facilityLocation(sparse);
    expect(f.value([0])).toBe(1);
    expect(f.value([0, 1])).toBe(5);
    expect(Array.from(maximize(f, { count: 2 }).gains)).toEqual([5, 0]);
    expect(facilityLocation(structuredClone(sparse)).value([1])).toBe(5);
  });

  it("give the picks and gains of the dense matrix that they stand for", () => {
    fc.assert(
      fc.property(dyadicMatrix(7, 7), fc.integer({ min: 0, max: 7 }), (s, count) => {
        const full: SparseMatrix = {
          shape: [7, 7],
          starts: Int32Array.from({ length: 8 }, (_, i) => 7 * i),
          columns: Int32Array.from({ length: 49 }, (_, p) => p % 7),
          values: Float32Array.from(s.data),
        };
        for (const method of ["exact", "lazy"] as const) {
          const expected = maximize(facilityLocation(s), { count, method });
          expect(maximize(facilityLocation(full), { count, method })).toEqual(expected);
        }
      }),
    );
  });

  it("refuse parts that do not fit", () => {
    const refuse = (change: object, message: string): void => {
      expect(() => untyped(facilityLocation)({ ...sparse, ...change })).toThrow(message);
    };
    refuse(
      { values: [1, 2, 3] },
      '"similarity" must have shape, starts, columns and values of a SparseMatrix',
    );
    refuse(
      { starts: Int32Array.of(0, 2, 3) },
      '"similarity" must have 4 starts from 0 to 3 and 3 columns, got 3',
    );
    refuse({ starts: Int32Array.of(0, 2, 1, 3) }, '"similarity.starts" must not fall, got 1 at 2');
    refuse(
      { columns: Int32Array.of(1, 0, 1) },
      '"similarity.columns" must ascend in [0, 2) within a row, got 0 at 1',
    );
    refuse(
      { columns: Int32Array.of(0, 2, 1) },
      '"similarity.columns" must ascend in [0, 2) within a row, got 2 at 1',
    );
    refuse({ values: Float32Array.of(1, Number.NaN, 2) }, '"similarity.values" must be finite, got NaN at 1');
  });
});

describe("greedy steps on sparse similarities", () => {
  const points = matrix(
    normal(new Float32Array(90 * 3), { seed: 8 }).map((x, p) => x + 6 * (Math.floor(p / 3) % 7)),
    90,
    3,
  );
  const nearest = similarity(points, { metric: "l1", neighbours: 9 });
  // few different values: ties everywhere, and zeros
  const tied: SparseMatrix = { ...nearest, values: nearest.values.map((s) => Math.round(s / 12)) };
  const signed: SparseMatrix = { ...nearest, values: nearest.values.map((s, p) => (p % 3 === 0 ? -s : s)) };
  const wild: SparseMatrix = {
    ...nearest,
    values: nearest.values.map((s, p) => s * ([1, 2 ** 100, -(2 ** 100), 2 ** -130][p % 4] ?? 0)),
  };

  it.each([
    ["clusters", nearest],
    ["ties", tied],
    ["negative entries", signed],
    ["magnitudes far apart", wild],
  ])("choose what one step after the other chooses, and what dense ones choose: %s", (_, s) => {
    const dense = matrix(new Float32Array(90 * 90), 90, 90);
    for (let i = 0; i < 90; i++) {
      for (let p = s.starts[i]; p < s.starts[i + 1]; p++) dense.set(i, s.columns[p], s.values[p]);
    }
    const f = facilityLocation(s);
    const stepwise = {
      ...f,
      start(initial: ArrayLike<number> = []) {
        const evaluator = f.start(initial);
        return Object.defineProperty(evaluator, "climb", { get: () => undefined, set: () => undefined });
      },
    };
    for (const ties of ["low", "high"] as const) {
      for (const options of [
        { count: 40, ties },
        { count: 90, ties },
        { count: 30, ties, initial: [4, 17] },
        { count: 90, ties, minGain: f.value([0]) / 4 },
      ]) {
        const found = maximize(f, options);
        expect(found).toEqual(maximize(stepwise, options));
        // the kept gains, of which the bound is made, may stand a rounding apart
        const { upperBound, ...expected } = maximize(facilityLocation(dense), options);
        expect(found).toMatchObject(expected);
        expect(Math.abs(found.upperBound / upperBound - 1)).toBeLessThan(1e-13);
      }
    }
  });
});

describe("corrections that rounding would lose", () => {
  // [point, candidate, similarity]: many tiny losses of a large gain, which decide
  const problems: Record<string, { entries: [number, number, number][]; count: number; picks: number[] }> = {
    "in one column": {
      entries: [
        [0, 0, 1],
        [1, 1, 1],
        [2, 1, 1.5e-14],
        [3, 2, 2],
        ...Array.from({ length: 3000 }, (_, i): [number, number, number][] => [
          [4 + i, 0, 1e-17],
          [4 + i, 2, 1e-17],
        ]).flat(),
      ],
      count: 3,
      picks: [2, 1, 0],
    },
    "spread over two": {
      entries: [
        [0, 0, 2 ** 61],
        [1, 1, 2 ** 60],
        [2, 2, 2 ** 60],
        [3, 2, 256],
        [4, 3, 2 ** 60],
        [5, 3, 512],
        ...Array.from({ length: 8 }, (_, i): [number, number, number][] => [
          [6 + i, 1, 64],
          [6 + i, 3, 64],
        ]).flat(),
      ],
      count: 4,
      picks: [0, 3, 2, 1],
    },
  };

  it.each(Object.entries(problems))("are not lost: %s", (_, { entries, count, picks }) => {
    const points = Math.max(28, ...entries.map(([i]) => i + 1));
    const candidates = Math.max(...entries.map(([, j]) => j + 1));
    const dense = matrix(new Float32Array(points * candidates), points, candidates);
    for (const [i, j, s] of entries) dense.set(i, j, s);
    const starts = new Int32Array(points + 1);
    const ordered = entries.toSorted((a, b) => a[0] - b[0] || a[1] - b[1]);
    for (const [i] of ordered) starts[i + 1]++;
    for (let i = 0; i < points; i++) starts[i + 1] += starts[i];
    const sparse: SparseMatrix = {
      shape: [points, candidates],
      starts,
      columns: Int32Array.from(ordered, ([, j]) => j),
      values: Float32Array.from(ordered, ([, , s]) => s),
    };
    for (const f of [facilityLocation(dense), facilityLocation(sparse)]) {
      expect(Array.from(maximize(f, { count, method: "lazy" }).indices)).toEqual(picks);
      expect(Array.from(maximize(f, { count }).indices)).toEqual(picks);
      const grown = f.start();
      grown.gains?.(new Float64Array(candidates));
      const anew = f.start();
      for (const item of picks) {
        for (let j = 0; j < candidates; j++) expect(grown.gain(j)).toBe(anew.gain(j));
        grown.add(item);
        anew.add(item);
      }
    }
  });

  it("takes items that open later", () => {
    const f = facilityLocation({
      shape: [40, 40],
      starts: Int32Array.from({ length: 41 }, (_, i) => i),
      columns: Int32Array.from({ length: 40 }, (_, i) => i),
      values: Float32Array.from({ length: 40 }, (_, i) => 40 - i),
    });
    const evaluator = f.start();
    evaluator.gains?.(new Float64Array(40));
    const among = (from: number, to: number): Uint8Array =>
      Uint8Array.from({ length: 40 }, (_, j) => Number(j >= from && j < to));
    const rest = { ties: "low", minGain: Number.NEGATIVE_INFINITY } as const;
    expect(evaluator.climb?.({ open: among(31, 40), most: 1, ...rest }).items).toEqual([31]);
    expect(evaluator.climb?.({ open: among(0, 30), most: 3, ...rest }).items).toEqual([0, 1, 2]);
  });
});

describe("nearest neighbours", () => {
  const points = matrix(normal(new Float32Array(40 * 5), { seed: 6 }), 40, 5);

  it.each(["l1", "l2", "cosine", "dot"] as const)(
    "are the largest entries of each dense row, %s",
    (metric) => {
      const dense = similarity(points, { metric });
      for (const neighbours of [1, 7, 40]) {
        const { starts, columns, values } = similarity(strided(points), { metric, neighbours });
        for (let i = 0; i < 40; i++) {
          expect(starts[i]).toBe(i * neighbours);
          const row = Array.from({ length: 40 }, (_, j) => j);
          row.sort((a, b) => dense.get(i, b) - dense.get(i, a) || a - b);
          const expected = row.slice(0, neighbours).sort((a, b) => a - b);
          expect(Array.from(columns.subarray(starts[i], starts[i + 1]))).toEqual(expected);
          for (const [t, j] of expected.entries()) expect(values[starts[i] + t]).toBe(dense.get(i, j));
        }
      }
    },
  );

  it("lead to the dense selection when all are kept", () => {
    const dense = maximize(facilityLocation(similarity(points, { metric: "l1" })), { count: 9 });
    const all = similarity(points, { metric: "l1", neighbours: 40 });
    expect(maximize(facilityLocation(all), { count: 9 })).toEqual(dense);
  });

  it("take the lower index on ties", () => {
    const same = similarity(matrix(new Float32Array(4), 4, 1), { metric: "l1", neighbours: 2 });
    expect(Array.from(same.columns)).toEqual([0, 1, 0, 1, 0, 1, 0, 1]);
  });

  it("report progress, stop when told to, and refuse impossible numbers", () => {
    const seen: number[] = [];
    const options = { metric: "l1", neighbours: 3 } as const;
    similarity(points, { ...options, onProgress: (done, rows) => seen.push(done / rows) });
    expect(seen).toEqual([16 / 40, 32 / 40, 1]);
    const stop = new AbortController();
    const onProgress = (): void => stop.abort(new Error("enough"));
    expect(() => similarity(points, { ...options, signal: stop.signal, onProgress })).toThrow("enough");
    expect(() => similarity(points, { metric: "l1", neighbours: 41 })).toThrow(
      new RangeError('similarity: "neighbours" must be an integer in [0, 40], got 41'),
    );
    expect(() => similarity(points, { metric: "l1", neighbours: 0 })).toThrow(
      new RangeError('similarity: "neighbours" must be at least 1, got 0'),
    );
  });
});

describe("weights and groups of facility location", () => {
  const s = matrix(Float32Array.of(4, 2, 1, 2, 4, 3, 1, 3, 4), 3, 3);

  it("count points as often as their weight says, dense and sparse", () => {
    const f = facilityLocation(s, { weights: [1, 0, 2] });
    expect(f.value([0])).toBe(4 + 0 + 2);
    expect(f.value([0, 2])).toBe(4 + 0 + 8);
    expect(facilityLocation(sparse, { weights: [2, 1, 0.5] }).value([1])).toBe(7);
    expect(() => facilityLocation(s, { weights: [1, -1, 1] })).toThrow(
      new RangeError('facilityLocation: "weights" must be at least 0, got -1 at 1'),
    );
  });

  it("keep groups apart: each is chosen as if it were alone", () => {
    fc.assert(
      fc.property(dyadicMatrix(6, 6), (all) => {
        const groups = [0, 1, 0, 1, 1, 0];
        const found = maximize(facilityLocation(all, { groups }), { groups, quotas: [2, 1] });
        for (const [g, quota] of [2, 1].entries()) {
          const own = groups.flatMap((h, i) => (h === g ? [i] : []));
          const part = matrix(Float32Array.from(own.flatMap((i) => own.map((j) => all.get(i, j)))), 3, 3);
          const expected = maximize(facilityLocation(part), { count: quota }).indices;
          const inGroup = Array.from(found.indices).filter((i) => groups[i] === g);
          expect(inGroup).toEqual(Array.from(expected, (i) => own[i]));
        }
      }),
    );
  });
});
