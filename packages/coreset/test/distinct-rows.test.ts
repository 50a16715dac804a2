import { matrix } from "@colm/array";
import { describe, expect, it } from "vitest";
import { distinctRows } from "../src/distinct-rows.ts";

describe("distinctRows", () => {
  const m = matrix(Float32Array.of(1, 2, 1, 2, 3, 2, 1, 2.0001), 4, 2);

  it("counts rows that differ somewhere by more than rounding", () => {
    expect(distinctRows(m, [0, 1, 2])).toBe(2);
    expect(distinctRows(m, [0, 1, 2, 3])).toBe(3);
    expect(distinctRows(matrix(Float32Array.of(1, 0.999999), 2, 1), [0, 1])).toBe(1);
  });

  it("looks at the rows it is given, in any strides", () => {
    expect(distinctRows(m, [1])).toBe(1);
    expect(distinctRows(m, [])).toBe(0);
    // columns 1 3 1 and 2 2 2: rows of the transpose
    expect(distinctRows(m.transpose(1, 0), [0, 1])).toBe(2);
  });

  it("takes rows of zeros as one", () => {
    expect(distinctRows(matrix(new Float32Array(6), 3, 2), [0, 1, 2])).toBe(1);
  });
});
