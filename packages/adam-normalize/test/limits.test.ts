import { matrix } from "@colm/array";
import { dense, directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import {
  type AdamState,
  adamNormalize,
  directionScalars,
  isFixedDirection,
  moments,
  normalizedFeatures,
  requireStream,
  sparsify,
} from "../src/index.ts";

const adam = adamNormalize();
const along = (...values: number[]) =>
  directionalGradients(matrix(Float32Array.from(values), values.length, 1), { dimension: 40, seed: 1 });

describe("gradients beyond float32", () => {
  const state = adam.init(2);
  const stored = matrix(Float64Array.of(1, 2, -1e200, 1), 2, 2);
  const directional = { coefficients: matrix(Float64Array.of(1e200), 1, 1), dimension: 2, seed: 1, step: 0 };

  it("are refused before anything is computed from them", () => {
    const message = '"gradients" must be within float32, got';
    const calls: [string, () => unknown][] = [
      ["normalize", () => adam.normalize(state, stored)],
      ["advance", () => adam.advance(state, stored, [0])],
      ["normalizedFeatures", () => normalizedFeatures(state, stored, { keep: 1, normalizer: adam })],
    ];
    for (const [caller, call] of calls) {
      expect(call).toThrow(new RangeError(`${caller}: ${message} -1e+200 at [1, 0]`));
    }
    expect(() => adam.normalize(state, directional)).toThrow(
      new RangeError(`normalize: ${message} 1e+200 at [0, 0]`),
    );
    expect(() => adam.advance(state, directional, [0])).toThrow(
      new RangeError(`advance: ${message} 1e+200 at [0, 0]`),
    );
    expect(() => directionScalars(state, directional, { normalizer: adam })).toThrow(
      new RangeError(`directionScalars: ${message} 1e+200 at [0, 0]`),
    );
    expect(() => sparsify(stored, { keep: 1 })).toThrow(
      new RangeError('sparsify: "u" must be within float32, got -1e+200 at [1, 0]'),
    );
  });

  it("begin behind the largest, which is one sign like any other", () => {
    const largest = matrix(Float64Array.of(3.4e38, -3.4e38), 1, 2);
    expect(adam.normalize(state, largest).data).toEqual(Float32Array.of(1, -1));
  });
});

describe("moments beyond float32 on one direction", () => {
  it("are refused as those of the same gradients in full are", () => {
    let refused = 0;
    for (let exponent = 17; exponent < 22; exponent += 0.05) {
      const g = along(10 ** exponent, -3);
      const attempts = [g, dense(g)].map((gradients) => {
        try {
          const { m, v } = moments(adam.advance(adam.init(40), gradients, [0]));
          expect([...m, ...v].every(Number.isFinite)).toBe(true);
          return true;
        } catch (error) {
          expect(String(error)).toMatch(
            /^RangeError: advance: "gradients" must keep the moments within float32/,
          );
          refused++;
          return false;
        }
      });
      expect(attempts[0]).toBe(attempts[1]);
    }
    expect(refused).toBeGreaterThan(10);
    expect(() => adam.advance(adam.init(40), along(1e30), [0])).toThrow(RangeError);
  });
});

describe("a direction that draws nothing", () => {
  const state = { kind: "fixed-direction", step: 1, dimension: 2, m: 1, v: 1 };
  const named = { dimension: 2, seed: -1, step: 0 };

  it.each([
    [undefined, 'state.direction" must be an object or null, got undefined'],
    [named, 'state.direction.seed" must be an integer of at least 0, got -1'],
  ])("is refused with the state: %o", (direction, message) => {
    expect(() => Reflect.apply(moments, undefined, [{ ...state, direction }])).toThrow(
      `moments: "${message}`,
    );
  });

  it("is none of gradients that are none", () => {
    expect(() => Reflect.apply(isFixedDirection, undefined, [adam.init(2), null])).toThrow(
      new TypeError('isFixedDirection: "gradients" must be an object, got null'),
    );
    expect(() => Reflect.apply(isFixedDirection, undefined, [null, along(1)])).toThrow(
      new TypeError('isFixedDirection: "state" must be an object, got null'),
    );
  });
});

describe("errors for options that are none", () => {
  const g = matrix(new Float32Array(4), 2, 2);
  const state: AdamState = adam.init(2);

  it.each<[string, (...args: never[]) => unknown, unknown[]]>([
    ["adamNormalize", adamNormalize, [null]],
    ["sparsify", sparsify, [g]],
    ["normalizedFeatures", normalizedFeatures, [state, g, null]],
    ["directionScalars", directionScalars, [state, g, 5]],
    ["f", requireStream, ["f", state, g, undefined]],
  ])("%s", (caller, f, args) => {
    const message = new RegExp(`^${caller}: "options" must be an object, got (null|undefined|5)$`);
    expect(() => Reflect.apply(f, undefined, args)).toThrow(message);
  });
});
