import { matrix } from "@colm/array";
import { directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { adamNormalize, requireStream } from "../src/index.ts";

describe("requireStream", () => {
  const adam = adamNormalize();
  const stored = matrix(new Float32Array(12), 4, 3);

  it("gives the rows of each label, and all rows without labels", () => {
    const good = { keep: 3, normalizer: adam };
    expect(requireStream("f", adam.init(3), stored, good)).toEqual([Int32Array.of(0, 1, 2, 3)]);
    expect(requireStream("f", adam.init(3), stored, { ...good, groups: [2, 0, 0, 2] })).toEqual([
      Int32Array.of(1, 2),
      new Int32Array(0),
      Int32Array.of(0, 3),
    ]);
  });

  it("names the function that asks, the argument and what is wrong", () => {
    const ask =
      (...args: readonly unknown[]) =>
      () =>
        Reflect.apply(requireStream, undefined, ["f", ...args]);
    const good = { keep: 2, normalizer: adam };
    const one = directionalGradients(matrix(Float32Array.of(1, 2), 2, 1), { dimension: 5, seed: 1 });
    expect(ask({}, stored, good)).toThrow(
      new TypeError('f: "state" must be a state that init or advance made, got an object of kind Object'),
    );
    expect(ask(adam.init(3), one, good)).toThrow(
      new RangeError('f: "gradients" must have 3 coordinates as the state has, got 5'),
    );
    expect(ask(adam.init(3), stored, { ...good, keep: 4 })).toThrow(
      new RangeError('f: "keep" must be an integer in [1, 3], got 4'),
    );
    expect(ask(adam.init(3), stored, { ...good, groups: [1] })).toThrow(
      new RangeError('f: "groups" must have 4 entries, one for each row, got 1'),
    );
    expect(ask(adam.init(3), stored, { keep: 2 })).toThrow(
      new TypeError('f: "normalizer" must be what adamNormalize returns, got undefined'),
    );
  });
});
