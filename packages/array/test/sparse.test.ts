import fc from "fast-check";
import ndarray from "ndarray";
import { describe, expect, it } from "vitest";
import {
  isSparse,
  type Matrix,
  matrix,
  requireSparse,
  type SparseMatrix,
  scaleRows,
  transposeSparse,
  withinGroups,
} from "../src/index.ts";

const small: SparseMatrix = {
  shape: [3, 2],
  starts: Int32Array.of(0, 2, 2, 3),
  columns: Int32Array.of(0, 1, 1),
  values: Float32Array.of(1, 3, 2),
};

/** What a sparse matrix stands for, row by row. */
function dense({ shape, starts, columns, values }: SparseMatrix): number[][] {
  const rows = Array.from({ length: shape[0] }, () => new Array<number>(shape[1]).fill(0));
  for (const [i, row] of rows.entries()) {
    for (let p = starts[i]; p < starts[i + 1]; p++) row[columns[p]] = values[p];
  }
  return rows;
}

/** The entries above 0.5, and some that are 0, of random matrices. */
const sparse: fc.Arbitrary<SparseMatrix> = fc
  .tuple(fc.integer({ min: 0, max: 6 }), fc.integer({ min: 1, max: 6 }))
  .chain(([rows, cols]) =>
    fc
      .array(fc.subarray(Array.from({ length: cols }, (_, j) => j)), { minLength: rows, maxLength: rows })
      .map((chosen) => {
        const starts = [0];
        for (const own of chosen) starts.push(starts[starts.length - 1] + own.length);
        const columns = Int32Array.from(chosen.flat());
        const values = Float32Array.from(columns, (j, p) => ((p * 7) % 5) + j / 16);
        return { shape: [rows, cols], starts: Int32Array.from(starts), columns, values };
      }),
  );

describe("requireSparse", () => {
  it("accepts whatever fits together", () => {
    requireSparse("f", "m", small);
    requireSparse("f", "m", structuredClone(small));
    fc.assert(fc.property(sparse, (m) => requireSparse("f", "m", m)));
  });

  it.each([
    [{ starts: Int32Array.of(0, 2, 3) }, '"m" must have 4 starts from 0 to 3 and 3 columns, got 3 and 3'],
    [{ starts: Int32Array.of(1, 2, 2, 3) }, '"m" must have 4 starts from 0 to 3 and 3 columns, got 4 and 3'],
    [{ columns: Int32Array.of(0, 1) }, '"m" must have 4 starts from 0 to 3 and 3 columns, got 4 and 2'],
    [{ starts: Int32Array.of(0, 2, 1, 3) }, '"m.starts" must not fall, got 1 at 2'],
    [{ columns: Int32Array.of(1, 0, 1) }, '"m.columns" must ascend in [0, 2) within a row, got 0 at 1'],
    [{ columns: Int32Array.of(0, 2, 1) }, '"m.columns" must ascend in [0, 2) within a row, got 2 at 1'],
    [{ columns: Int32Array.of(-1, 1, 1) }, '"m.columns" must ascend in [0, 2) within a row, got -1 at 0'],
    [{ values: Float32Array.of(1, Number.NaN, 2) }, '"m.values" must be finite, got NaN at 1'],
  ])("refuses parts that do not fit (%#)", (change, message) => {
    expect(() => requireSparse("f", "m", { ...small, ...change })).toThrow(new RangeError(`f: ${message}`));
  });

  it("refuses sizes that are none", () => {
    for (const cols of [2.5, -1, Number.NaN]) {
      expect(() => requireSparse("f", "m", { ...small, shape: [3, cols] })).toThrow(
        new RangeError(`f: "m.shape[1]" must be an integer of at least 0, got ${cols}`),
      );
    }
    expect(() => Reflect.apply(requireSparse, undefined, ["f", "m", { ...small, shape: [3, "2"] }])).toThrow(
      new TypeError('f: "m.shape[1]" must be a number, got "2"'),
    );
  });

  it("refuses parts of the wrong kind", () => {
    for (const change of [{ values: [1, 3, 2] }, { shape: 3 }, { columns: undefined }]) {
      expect(() => Reflect.apply(requireSparse, undefined, ["f", "m", { ...small, ...change }])).toThrow(
        new TypeError(
          'f: "m" must have shape, starts, columns and values of a SparseMatrix, got an object of kind Object',
        ),
      );
    }
  });
});

describe("isSparse", () => {
  it("tells the two kinds of matrices apart", () => {
    expect(isSparse(small)).toBe(true);
    expect(isSparse(matrix(new Float32Array(2), 1, 2))).toBe(false);
    expect(Reflect.apply(isSparse, undefined, [null])).toBe(false);
  });
});

describe("transposeSparse", () => {
  it("swaps rows and columns, twice is the same again", () => {
    fc.assert(
      fc.property(sparse, (m) => {
        const turned = transposeSparse(m);
        requireSparse("f", "m", turned);
        const rows = dense(m);
        expect(dense(turned)).toEqual(
          Array.from({ length: m.shape[1] }, (_, j) => rows.map((row) => row[j])),
        );
        expect(transposeSparse(turned)).toEqual(m);
      }),
    );
  });
});

describe("scaleRows", () => {
  it("multiplies each row, in float32, and leaves its argument alone", () => {
    const data = Float64Array.of(1, 2, 3, 4, 5, 6, 0.1, 8);
    const view = ndarray(data, [2, 2], [4, -2], 2);
    const scaled = scaleRows(view, [2, 0.5]);
    expect(scaled.data).toEqual(Float32Array.of(6, 2, Math.fround(0.1) / 2, 2.5));
    expect(data[6]).toBe(0.1);
  });

  it("does to sparse matrices what it does to dense ones", () => {
    fc.assert(
      fc.property(sparse, (m) => {
        const weights = Array.from({ length: m.shape[0] }, (_, i) => (i % 3) / 2);
        const before = structuredClone(m);
        const expected = dense(m).map((row, i) => row.map((x) => x * weights[i]));
        expect(dense(scaleRows(m, weights))).toEqual(expected);
        expect(m).toEqual(before);
      }),
    );
  });

  it("refuses weights that do not fit", () => {
    expect(() => scaleRows(small, [1, 2])).toThrow(
      new RangeError('scaleRows: "weights" must have 3 entries, got 2'),
    );
    expect(() => scaleRows(matrix(new Float32Array(1), 1, 1), [Number.NaN])).toThrow(
      new RangeError('scaleRows: "weights" must be finite, got NaN at 0'),
    );
    const beyond = (at: number): RangeError =>
      new RangeError(`f: "weights" must keep entries within float32, got Infinity at ${at}`);
    expect(() => scaleRows(small, [1, 1, 2e38], "f")).toThrow(beyond(2));
    expect(() => scaleRows(matrix(Float32Array.of(1, 2), 2, 1), [3e38, 3e38], "f")).toThrow(beyond(1));
  });
});

describe("withinGroups", () => {
  const square = (size: number): Matrix =>
    matrix(
      Float32Array.from({ length: size * size }, (_, p) => p / 16),
      size,
      size,
    );

  it("keeps the entries whose row and column are of one group, and nothing else", () => {
    const groups = fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 8 });
    fc.assert(
      fc.property(groups, fc.boolean(), (own, turned) => {
        const m = turned ? square(own.length).transpose(1, 0) : square(own.length);
        const kept = withinGroups("f", m, own);
        requireSparse("f", "m", kept);
        expect(dense(kept)).toEqual(own.map((g, i) => own.map((h, j) => (g === h ? m.get(i, j) : 0))));
      }),
    );
  });

  it("refuses groups that do not fit", () => {
    expect(() => withinGroups("f", square(2), [0])).toThrow(
      new RangeError('f: "groups" must have 2 entries, got 1'),
    );
    expect(() => withinGroups("f", square(2), [0, -1])).toThrow(
      new RangeError('f: "groups" must be integers in [0, Infinity), got -1 at 1'),
    );
  });
});
