import { matrix } from "@colm/array";
import { assign } from "@colm/submodular";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { dyadicMatrix, strided } from "./oracle.ts";

describe("assign", () => {
  it("gives every point to its most similar chosen one, the earliest on ties", () => {
    const s = matrix(Float32Array.of(4, 1, 2, 1, 4, 2, 2, 2, 4), 3, 3);
    expect(assign(s, [1, 0])).toEqual({ nearest: Int32Array.of(1, 0, 0), sizes: Int32Array.of(2, 1) });
  });

  it("lets a chosen point represent itself even where another one is as similar", () => {
    const s = matrix(new Float32Array(9).fill(1), 3, 3);
    expect(assign(s, [2, 0]).sizes).toEqual(Int32Array.of(2, 1));
  });

  it("reads entries as float32, as facilityLocation does", () => {
    const nearly = matrix(Float64Array.of(1, 1 + 1e-12), 1, 2);
    expect(assign(nearly, [0, 1]).nearest).toEqual(Int32Array.of(0));
  });

  it("keeps points and candidates apart when there are more of one", () => {
    const s = matrix(Float32Array.of(0, 1, 0, 1, 1, 0), 3, 2);
    expect(assign(s, [0, 1])).toEqual({ nearest: Int32Array.of(1, 1, 0), sizes: Int32Array.of(1, 2) });
  });

  it("counts every point once, reads any strides, and leaves its input alone", () => {
    fc.assert(
      fc.property(
        dyadicMatrix(7, 5),
        fc.shuffledSubarray([0, 1, 2, 3, 4], { minLength: 1 }),
        (s, indices) => {
          const before = s.data.slice();
          const found = assign(s, indices);
          expect(found.sizes.reduce((a, b) => a + b, 0)).toBe(7);
          expect(assign(strided(s), indices)).toEqual(found);
          expect(s.data).toEqual(before);
        },
      ),
    );
  });

  it("refuses indices that are none", () => {
    const s = matrix(new Float32Array(4), 2, 2);
    expect(() => assign(s, [2])).toThrow(
      new RangeError('assign: "indices" must be integers in [0, 2), got 2 at 0'),
    );
    expect(() => assign(s, [])).toThrow(
      new RangeError('assign: "indices" must hold at least one candidate for 2 points, got 0'),
    );
  });
});
