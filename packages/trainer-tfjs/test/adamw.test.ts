import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { adamw } from "../src/index.ts";

const one = (...values: number[]) => new Map([["w", Float32Array.from(values)]]);

/** One coordinate, plain numbers: the textbook's loop. */
function oracle(start: number, gradients: number[], lr: number, weightDecay: number): number {
  let [p, m, v] = [start, 0, 0];
  gradients.forEach((g, i) => {
    p -= lr * weightDecay * p;
    m = 0.9 * m + 0.1 * g;
    v = 0.999 * v + 0.001 * g * g;
    p -= (lr * (m / (1 - 0.9 ** (i + 1)))) / (Math.sqrt(v / (1 - 0.999 ** (i + 1))) + 1e-8);
  });
  return p;
}

describe("adamw", () => {
  it("moves each coordinate by the learning rate against the sign of its gradient at first", () => {
    const optimizer = adamw();
    const start = one(1, 2);
    const { parameters, state } = optimizer.update(optimizer.init(start), one(0.5, -4), start, 0.125);
    expect([...(parameters.get("w") ?? [])]).toEqual([0.875, 2.125]);
    expect(state.step).toBe(1);
    expect(state.m.w[0]).toBeCloseTo(0.05, 7);
  });

  it("follows the textbook's loop", () => {
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: -2, max: 2, noNaN: true }), { minLength: 1, maxLength: 12 }),
        fc.double({ min: 0, max: 0.25, noNaN: true }),
        (gradients, weightDecay) => {
          const optimizer = adamw({ weightDecay });
          let parameters: Map<string, Float32Array> = one(0.75);
          let state = optimizer.init(parameters);
          for (const g of gradients)
            ({ parameters, state } = optimizer.update(state, one(g), parameters, 0.01));
          // float32 storage of m, v and p against float64: at most a few units of 2^-24 per update
          const expected = oracle(0.75, gradients.map(Math.fround), 0.01, weightDecay);
          expect(Math.abs((parameters.get("w")?.[0] ?? Number.NaN) - expected)).toBeLessThan(1e-4);
        },
      ),
    );
  });

  it("does not care about the order of the names", () => {
    const optimizer = adamw({ weightDecay: 0.5 });
    const ab = new Map([
      ["a", Float32Array.of(1)],
      ["b", Float32Array.of(2)],
    ]);
    const ba = new Map([...ab].reverse());
    const gradients = new Map([
      ["b", Float32Array.of(-1)],
      ["a", Float32Array.of(3)],
    ]);
    const x = optimizer.update(optimizer.init(ab), gradients, ab, 0.5).parameters;
    const y = optimizer.update(optimizer.init(ba), gradients, ba, 0.5).parameters;
    expect(x.get("a")).toEqual(y.get("a"));
    expect(x.get("b")).toEqual(y.get("b"));
  });

  it("leaves its arguments alone and its state survives structuredClone", () => {
    const optimizer = adamw();
    const start = one(1, 2);
    const first = optimizer.update(optimizer.init(start), one(1, 1), start, 0.5);
    const frozen = structuredClone(first);
    const gradients = one(2, -2);
    const a = optimizer.update(first.state, gradients, first.parameters, 0.5);
    const b = optimizer.update(frozen.state, gradients, frozen.parameters, 0.5);
    expect(a).toEqual(b);
    expect(first).toEqual(frozen);
    expect([...(start.get("w") ?? [])]).toEqual([1, 2]);
    expect([...(gradients.get("w") ?? [])]).toEqual([2, -2]);
  });

  it("decays weights apart from the gradient", () => {
    const optimizer = adamw({ weightDecay: 0.5 });
    const { parameters } = optimizer.update(optimizer.init(one(4)), one(0), one(4), 0.25);
    expect(parameters.get("w")?.[0]).toBe(3.5);
  });

  it("refuses what it cannot use", () => {
    const optimizer = adamw();
    const state = optimizer.init(one(1));
    expect(() => adamw({ beta1: 1 })).toThrow(
      new RangeError('adamw: "beta1" must be a number in [0, 1), got 1'),
    );
    expect(() => adamw({ beta2: -0.5 })).toThrow(
      new RangeError('adamw: "beta2" must be a number in [0, 1), got -0.5'),
    );
    expect(() => adamw({ epsilon: 0 })).toThrow(
      new RangeError('adamw: "epsilon" must be a finite number above 0, got 0'),
    );
    expect(() => adamw({ weightDecay: Number.NaN })).toThrow(
      new RangeError('adamw: "weightDecay" must be a finite number of at least 0, got NaN'),
    );
    expect(() => optimizer.update(state, new Map(), one(1), 0.1)).toThrow(
      new RangeError('adamw.update: "gradients" must have an array for each parameter, got none for "w"'),
    );
    expect(() => optimizer.update(state, one(1, 2), one(1), 0.1)).toThrow(
      new RangeError('adamw.update: "gradients" must have 1 entries for "w", got 2'),
    );
    expect(() =>
      optimizer.update(state, new Map([...one(1), ["x", Float32Array.of(1)]]), one(1), 0.1),
    ).toThrow(new RangeError('adamw.update: "gradients" must name parameters only, got "x"'));
    expect(() => optimizer.update(state, one(1), one(1), -1)).toThrow(
      new RangeError('adamw.update: "learningRate" must be a finite number of at least 0, got -1'),
    );
  });
});
