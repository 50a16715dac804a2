import { describe, expect, it } from "vitest";
import { matrix, requireFloat32, requireOptions, weightsOf } from "../src/index.ts";

describe("requireOptions", () => {
  it("lets options through, with or without signal and progress", () => {
    requireOptions("f", {});
    requireOptions("f", { signal: undefined, onProgress: undefined });
    requireOptions("f", { signal: new AbortController().signal, onProgress: () => {}, count: "any" });
  });

  it("names what is something else", () => {
    const refuse = (options: unknown, message: string): void => {
      expect(() => requireOptions("f", options)).toThrow(new TypeError(`f: ${message}`));
    };
    refuse(undefined, '"options" must be an object, got undefined');
    refuse(3, '"options" must be an object, got 3');
    refuse({ signal: 1 }, '"signal" must be an AbortSignal, got 1');
    refuse({ signal: null }, '"signal" must be an AbortSignal, got null');
    refuse({ onProgress: "tell" }, '"onProgress" must be a function, got "tell"');
  });
});

describe("weightsOf", () => {
  it("is 1 for each, or a checked copy", () => {
    expect(weightsOf("f", undefined, 3)).toEqual(Float64Array.of(1, 1, 1));
    const given = Float64Array.of(0, 2.5);
    const own = weightsOf("f", given, 2);
    given[0] = 9;
    expect(own).toEqual(Float64Array.of(0, 2.5));
    expect(() => weightsOf("f", [1], 2)).toThrow(new RangeError('f: "weights" must have 2 entries, got 1'));
    expect(() => weightsOf("f", [1, -1], 2)).toThrow(
      new RangeError('f: "weights" must be at least 0, got -1 at 1'),
    );
  });
});

describe("requireFloat32", () => {
  it("wants numbers that float32 has, of any strides", () => {
    const wide = matrix(Float64Array.of(1e39, 1, 3.4028235e38, -1), 2, 2);
    requireFloat32("f", "m", wide.lo(0, 1));
    requireFloat32("f", "m", matrix(Float32Array.of(1, 2), 1, 2));
    expect(() => requireFloat32("f", "m", wide)).toThrow(
      new RangeError('f: "m" must be within float32, got 1e+39 at [0, 0]'),
    );
    expect(() => requireFloat32("f", "m", matrix(Float32Array.of(Number.NaN), 1, 1))).toThrow(
      new RangeError('f: "m" must be finite, got NaN at [0, 0]'),
    );
  });
});
