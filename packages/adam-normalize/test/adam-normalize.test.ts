import { type Matrix, matrix, normal } from "@colm/array";
import { dense, directionalGradients } from "@colm/spsa";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type AdamState, adamNormalize, moments } from "../src/index.ts";

const adam = adamNormalize();

/** Gradients in sixteenths: sums of a few are exact in float32. */
const sixteenths = (n: number, d: number): fc.Arbitrary<Matrix> =>
  fc.array(fc.integer({ min: -64, max: 64 }), { minLength: n * d, maxLength: n * d }).map((list) =>
    matrix(
      Float32Array.from(list, (x) => x / 16),
      n,
      d,
    ),
  );

function denseState(d: number, step = 2): AdamState {
  const m = normal(new Float32Array(d), { seed: 21 });
  const v = normal(new Float32Array(d), { seed: 22 }).map((x) => x * x);
  return { kind: "dense", step, m, v };
}

describe("init", () => {
  it("starts with zero moments at step 0", () => {
    expect(adam.init(4)).toMatchObject({ step: 0, m: 0, v: 0 });
    expect(moments(adam.init(4))).toEqual({ m: new Float32Array(4), v: new Float32Array(4) });
  });

  it("refuses a dimension that is none", () => {
    expect(() => adam.init(0)).toThrow(new RangeError('init: "dimension" must be at least 1, got 0'));
    expect(() => adam.init(1.5)).toThrow(
      new RangeError('init: "dimension" must be an integer of at least 0, got 1.5'),
    );
  });
});

describe("normalize", () => {
  it("does the worked example", () => {
    // beta1 = beta2 = 1/2, t = 2: m_i = 1/2 + g/2, v_i = 2 + g^2/2, both corrected by 1 / (1 - 1/4) = 4/3
    const half = adamNormalize({ beta1: 0.5, beta2: 0.5, epsilon: 2 ** -10 });
    const state: AdamState = { kind: "dense", step: 1, m: Float32Array.of(1), v: Float32Array.of(4) };
    const u = half.normalize(state, matrix(Float32Array.of(2, -5), 2, 1));
    expect(u.get(0, 0)).toBeCloseTo((1.5 * 4) / 3 / (Math.sqrt((4 * 4) / 3) + 2 ** -10), 6);
    expect(u.get(1, 0)).toBeCloseTo((-2 * 4) / 3 / (Math.sqrt((14.5 * 4) / 3) + 2 ** -10), 6);
  });

  it("agrees with the equations written out", () => {
    const g = matrix(normal(new Float32Array(3 * 1500), { seed: 4 }), 3, 1500);
    const state = denseState(1500, 6);
    const { m, v } = moments(state);
    const u = adam.normalize(state, g);
    for (let i = 0; i < 3; i++) {
      for (let j = 0; j < 1500; j++) {
        const mi = (0.9 * m[j] + 0.1 * g.get(i, j)) / (1 - 0.9 ** 7);
        const vi = (0.999 * v[j] + 0.001 * g.get(i, j) ** 2) / (1 - 0.999 ** 7);
        // one rounding to float32
        expect(Math.abs(u.get(i, j) - mi / (Math.sqrt(vi) + 1e-8))).toBeLessThanOrEqual(
          1e-6 * Math.abs(mi / Math.sqrt(vi)),
        );
      }
    }
  });

  it("is the sign of the gradient without history, and 0 where there is none", () => {
    fc.assert(
      fc.property(sixteenths(3, 4), (g) => {
        const signs = adamNormalize({ beta1: 0, beta2: 0 }).normalize(adam.init(4), g);
        // |u| = |g| / (|g| + 1e-8) rounds to 1 for |g| of at least 1/16
        g.data.forEach((x, at) => {
          expect(signs.data[at]).toBeCloseTo(Math.sign(x), 6);
        });
      }),
    );
  });

  it("reads any stride", () => {
    const g = matrix(normal(new Float32Array(12), { seed: 4 }), 3, 4);
    const columns = matrix(new Float64Array(24), 4, 6);
    for (let i = 0; i < 3; i++) for (let j = 0; j < 4; j++) columns.set(j, 2 * i + 1, g.get(i, j));
    const view = columns.transpose(1, 0).lo(1, 0).step(2, 1);
    expect(adam.normalize(denseState(4), view)).toEqual(adam.normalize(denseState(4), g));
    expect(adam.advance(denseState(4), view, [2, 0])).toEqual(adam.advance(denseState(4), g, [2, 0]));
  });

  it("takes directional gradients as what they stand for", () => {
    const g = directionalGradients(matrix(normal(new Float32Array(15), { seed: 4 }), 5, 3), {
      dimension: 2100,
      seed: 6,
      step: 2,
      fresh: true,
    });
    const state = denseState(2100);
    const [streamed, stored] = [adam.normalize(state, g), adam.normalize(state, dense(g))];
    // `dense` rounds g to float32 on the way; near u = 0 that is relative to the size of u
    streamed.data.forEach((x, at) => {
      expect(Math.abs(x - stored.data[at])).toBeLessThan(1e-6 * Math.max(1, Math.abs(x)));
    });
    const [next, plain] = [
      moments(adam.advance(state, g, [4, 1])),
      moments(adam.advance(state, dense(g), [4, 1])),
    ];
    next.m.forEach((x, j) => {
      expect(x).toBeCloseTo(plain.m[j], 6);
    });
    next.v.forEach((x, j) => {
      expect(x).toBeCloseTo(plain.v[j], 6);
    });
  });
});

describe("advance", () => {
  it("does the worked example", () => {
    const half = adamNormalize({ beta1: 0.5, beta2: 0.75 });
    const state: AdamState = { kind: "dense", step: 1, m: Float32Array.of(1, 0), v: Float32Array.of(4, 0) };
    const g = matrix(Float32Array.of(2, 4, 100, 100, -4, 0), 3, 2);
    // m = 1/2 [1, 0] + 1/2 [-1, 2], v = 3/4 [4, 0] + 1/4 [10, 8]
    expect(half.advance(state, g, [0, 2])).toEqual({
      kind: "dense",
      step: 2,
      m: Float32Array.of(0, 1),
      v: Float32Array.of(5.5, 2),
    });
  });

  it("is the mean of the moments of the selected examples", () => {
    fc.assert(
      fc.property(sixteenths(4, 3), fc.subarray([0, 1, 2, 3], { minLength: 1 }), (g, selected) => {
        const exact = adamNormalize({ beta1: 0.5, beta2: 0.75 });
        const before = moments(exact.advance(exact.init(3), g, [0]));
        const after = moments(exact.advance({ kind: "dense", step: 1, ...before }, g, selected));
        for (let j = 0; j < 3; j++) {
          const gs = selected.map((i) => g.get(i, j));
          const m = gs.reduce((sum, x) => sum + 0.5 * before.m[j] + 0.5 * x, 0) / gs.length;
          const v = gs.reduce((sum, x) => sum + 0.75 * before.v[j] + 0.25 * x * x, 0) / gs.length;
          // one rounding to float32 of values below 32
          expect(after.m[j]).toBeCloseTo(m, 5);
          expect(after.v[j]).toBeCloseTo(v, 5);
        }
      }),
    );
  });

  it("looks at the selected rows alone, in any order", () => {
    fc.assert(
      fc.property(sixteenths(4, 3), sixteenths(4, 3), (g, other) => {
        const mixed = matrix(g.data.slice(), 4, 3);
        for (const i of [0, 3]) for (let j = 0; j < 3; j++) mixed.set(i, j, other.get(i, j));
        const state = denseState(3);
        expect(adam.advance(state, mixed, [1, 2])).toEqual(adam.advance(state, g, [2, 1]));
      }),
    );
  });

  it("keeps the moments and counts the step when nothing was selected", () => {
    const g = matrix(new Float32Array(6), 2, 3);
    expect(adam.advance(denseState(3, 2), g, [])).toEqual({ ...denseState(3, 2), step: 3 });
  });

  it("refuses to store what float32 cannot hold", () => {
    const g = matrix(Float32Array.of(1, 1e30), 1, 2);
    expect(() => adamNormalize({ beta2: 0 }).advance(adam.init(2), g, [0])).toThrow(
      new RangeError('advance: "gradients" must keep the moments within float32, got v = Infinity at 1'),
    );
  });
});

describe("state", () => {
  it("survives structuredClone and is left alone", () => {
    const g = matrix(normal(new Float32Array(12), { seed: 4 }), 3, 4);
    const state = denseState(4);
    const clone = structuredClone(state);
    const u = adam.normalize(state, g);
    const next = adam.advance(state, g, [1]);
    expect(state).toEqual(clone);
    expect(adam.normalize(clone, g)).toEqual(u);
    expect(adam.advance(clone, g, [1])).toEqual(next);
  });

  it.each<[AdamState, string]>([
    [
      { kind: "dense", step: -1, m: new Float32Array(2), v: new Float32Array(2) },
      '"state.step" must be an integer of at least 0, got -1',
    ],
    [
      { kind: "dense", step: 1, m: new Float32Array(2), v: new Float32Array(3) },
      '"state.v" must have 2 entries, got 3',
    ],
    [
      { kind: "dense", step: 1, m: Float32Array.of(0, Number.NaN), v: new Float32Array(2) },
      '"state.m" must be finite, got NaN at 1',
    ],
    [
      { kind: "dense", step: 1, m: new Float32Array(2), v: Float32Array.of(0, -1) },
      '"state.v" must be at least 0, got -1 at 1',
    ],
    [
      { kind: "fixed-direction", step: 1, dimension: 2, m: 0, v: -1, direction: null },
      '"state.v" must be at least 0, got -1',
    ],
    [
      { kind: "fixed-direction", step: 1, dimension: 2, m: 1, v: 1, direction: null },
      '"state.direction" must name a direction when the moments are not 0, got null',
    ],
    [
      {
        kind: "fixed-direction",
        step: 1,
        dimension: 2,
        m: 1,
        v: 1,
        direction: { dimension: 3, seed: 1, step: 0 },
      },
      '"state.direction" must have 2 entries, got 3',
    ],
  ])("refuses %o", (state, message) => {
    const g = matrix(new Float32Array(2), 1, 2);
    expect(() => adam.normalize(state, g)).toThrow(new RangeError(`normalize: ${message}`));
    expect(() => adam.advance(state, g, [0])).toThrow(new RangeError(`advance: ${message}`));
  });
});

describe("bad input", () => {
  it("is named with the value", () => {
    const state = adam.init(2);
    expect(() => adam.normalize(state, matrix(new Float32Array(3), 1, 3))).toThrow(
      new RangeError('normalize: "gradients" must have 2 coordinates as the state has, got 3'),
    );
    expect(() => adam.normalize(state, matrix(Float32Array.of(1, Number.NaN), 1, 2))).toThrow(
      new RangeError('normalize: "gradients" must be finite, got NaN at [0, 1]'),
    );
    expect(() => adam.advance(state, matrix(new Float32Array(4), 2, 2), [0, 0])).toThrow(
      new RangeError('advance: "selected" must be distinct, got 0 again at 1'),
    );
    expect(() => adam.advance(state, matrix(new Float32Array(4), 2, 2), [2])).toThrow(
      new RangeError('advance: "selected" must be integers in [0, 2), got 2 at 0'),
    );
    // @ts-expect-error: no state at all
    expect(() => adam.normalize(undefined, matrix(new Float32Array(2), 1, 2))).toThrow(
      new TypeError('normalize: "state" must be a state that init or advance made, got undefined'),
    );
  });

  it.each([
    [{ beta1: 1 }, 'adamNormalize: "beta1" must be in [0, 1), got 1'],
    [{ beta2: -0.5 }, 'adamNormalize: "beta2" must be in [0, 1), got -0.5'],
    [{ beta2: Number.NaN }, 'adamNormalize: "beta2" must be in [0, 1), got NaN'],
    [{ epsilon: 0 }, 'adamNormalize: "epsilon" must be finite and above 0, got 0'],
  ])("refuses settings %o", (options, message) => {
    expect(() => adamNormalize(options)).toThrow(new RangeError(message));
  });
});
