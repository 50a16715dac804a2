import { describe, expect, it } from "vitest";
import { accumulateGradients } from "../src/index.ts";

describe("accumulateGradients", () => {
  it("is the weighted sum", () => {
    const sum = accumulateGradients();
    sum.add(new Map([["w", Float32Array.of(1, 2)]]), 0.25);
    sum.add(new Map([["w", Float32Array.of(5, -2)]]), 0.75);
    expect(sum.total()).toEqual(new Map([["w", Float32Array.of(4, -1)]]));
  });

  it("returns fresh arrays and keeps none of the caller's", () => {
    const sum = accumulateGradients();
    const given = Float32Array.of(1);
    sum.add(new Map([["w", given]]), 1);
    given[0] = 7;
    const first = sum.total();
    first.get("w")?.fill(9);
    expect(sum.total().get("w")?.[0]).toBe(1);
  });

  it("is empty before the first add", () => {
    expect(accumulateGradients().total().size).toBe(0);
  });

  it("refuses other names than the first ones", () => {
    const sum = accumulateGradients();
    sum.add(new Map([["w", Float32Array.of(1)]]), 1);
    expect(() => sum.add(new Map([["x", Float32Array.of(1)]]), 1)).toThrow(
      new RangeError(
        'accumulateGradients: "gradients" must have an array for each parameter, got none for "w"',
      ),
    );
  });
});
