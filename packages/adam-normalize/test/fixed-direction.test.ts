import { matrix, normal } from "@colm/array";
import { type DirectionalGradients, dense, direction, directionalGradients } from "@colm/spsa";
import { describe, expect, it } from "vitest";
import { type AdamState, adamNormalize, directionScalars, isFixedDirection, moments } from "../src/index.ts";

const adam = adamNormalize();
const D = 1500;

const oneDirection = (step: number, options: { fresh?: boolean; seed?: number } = {}): DirectionalGradients =>
  directionalGradients(matrix(normal(new Float32Array(6), { seed: 100 + step }), 6, 1), {
    dimension: D,
    seed: 1,
    step,
    ...options,
  });

/** Three steps of history, closed form beside stored gradients. */
function histories(): { closed: AdamState; stored: AdamState } {
  let closed = adam.init(D);
  let stored = adam.init(D);
  for (let step = 0; step < 3; step++) {
    closed = adam.advance(closed, oneDirection(step), [0, 2, 5]);
    stored = adam.advance(stored, dense(oneDirection(step)), [0, 2, 5]);
  }
  return { closed, stored };
}

/** Moments of both are float32, and the stored ones were rounded at each of three steps. */
const RELATIVE = 2e-6;

function expectEqualButForRounding(a: ArrayLike<number>, b: ArrayLike<number>, relative = RELATIVE): void {
  expect(a.length).toBe(b.length);
  for (let j = 0; j < a.length; j++) {
    expect(Math.abs(a[j] - b[j])).toBeLessThanOrEqual(relative * Math.max(Math.abs(a[j]), 1e-3));
  }
}

describe("closed form on one fixed direction", () => {
  it("does the worked example", () => {
    const exact = adamNormalize({ beta1: 0.5, beta2: 0.75 });
    const c = directionalGradients(matrix(Float32Array.of(2, -4, 8), 3, 1), { dimension: D, seed: 1 });
    const state = exact.advance(exact.init(D), c, [0, 1]);
    // a = 1/2 * mean(2, -4), w = 1/4 * mean(4, 16)
    expect(state).toMatchObject({ kind: "fixed-direction", step: 1, dimension: D, m: -0.5, v: 2.5 });
    const r = directionScalars(state, c, { normalizer: exact });
    // t = 2: r = ((-1/4 + c/2) * 4/3) / sqrt((15/8 + c^2/4) * 16/7)
    const wanted = [2, -4, 8].map(
      (x) => ((-0.25 + x / 2) * 4) / 3 / Math.sqrt(((1.875 + (x * x) / 4) * 16) / 7),
    );
    expect(r.shape).toEqual([3, 1]);
    expectEqualButForRounding(r.data, wanted);
  });

  it("holds two numbers where stored gradients need two vectors, and they mean the same", () => {
    const { closed, stored } = histories();
    expect(closed.kind).toBe("fixed-direction");
    expect(stored.kind).toBe("dense");
    expectEqualButForRounding(moments(closed).m, moments(stored).m);
    expectEqualButForRounding(moments(closed).v, moments(stored).v);
    expectEqualButForRounding(
      adam.normalize(closed, oneDirection(3)).data,
      adam.normalize(stored, dense(oneDirection(3))).data,
      1e-5,
    );
  });

  it("gives r_i sign(z_j), below it by the share of epsilon alone", () => {
    const { closed } = histories();
    const g = oneDirection(3);
    const r = directionScalars(closed, g, { normalizer: adam });
    const u = adam.normalize(closed, g);
    const z = direction(g, 0, 0, new Float32Array(D));
    const secondMoment = closed.kind === "fixed-direction" ? closed.v : 0;
    for (let j = 0; j < D; j++) {
      // the corrected second moment is at least that of the history, whose correction is above 1
      const share = 1e-8 / (Math.sqrt(0.999 * secondMoment) * Math.abs(z[j])) + 1e-6;
      for (let i = 0; i < 6; i++) {
        expect(Math.abs(u.get(i, j) - r.data[i] * Math.sign(z[j]))).toBeLessThanOrEqual(
          share * Math.abs(r.data[i]),
        );
      }
    }
  });

  it("tells the two points +-1 at the first step", () => {
    const r = directionScalars(adam.init(D), oneDirection(0), { normalizer: adam });
    expectEqualButForRounding(r.data, oneDirection(0).coefficients.data.map(Math.sign));
  });

  it("is one direction whatever the step when fixed, and each step its own when fresh", () => {
    const state = adam.advance(adam.init(D), oneDirection(0), [0]);
    expect(isFixedDirection(state, oneDirection(5))).toBe(true);
    expect(isFixedDirection(state, oneDirection(5, { seed: 2 }))).toBe(false);
    expect(isFixedDirection(state, dense(oneDirection(5)))).toBe(false);
    const fresh = adam.advance(adam.init(D), oneDirection(0, { fresh: true }), [0]);
    expect(isFixedDirection(fresh, oneDirection(0, { fresh: true }))).toBe(true);
    expect(isFixedDirection(fresh, oneDirection(1, { fresh: true }))).toBe(false);
  });

  it("turns into vectors when another direction comes, and stays right", () => {
    const { closed, stored } = histories();
    const other = oneDirection(3, { seed: 2 });
    const next = adam.advance(closed, other, [1, 4]);
    const wanted = moments(adam.advance(stored, dense(other), [1, 4]));
    expect(next.kind).toBe("dense");
    expectEqualButForRounding(moments(next).m, wanted.m, 1e-5);
    expectEqualButForRounding(moments(next).v, wanted.v, 1e-5);
    expect(isFixedDirection(next, other)).toBe(false);
  });

  it("keeps the direction when nothing is selected", () => {
    const { closed } = histories();
    expect(adam.advance(closed, oneDirection(3), [])).toEqual({ ...closed, step: 4 });
  });

  it("survives structuredClone and JSON and is left alone", () => {
    const { closed } = histories();
    const before = structuredClone(closed);
    const next = adam.advance(closed, oneDirection(3), [1]);
    directionScalars(closed, oneDirection(3), { normalizer: adam });
    expect(closed).toEqual(before);
    expect(adam.advance(structuredClone(closed), oneDirection(3), [1])).toEqual(next);
    expect(JSON.parse(JSON.stringify(closed))).toEqual(closed);
  });
});

describe("directionScalars", () => {
  it("says what is wrong", () => {
    const two = directionalGradients(matrix(new Float32Array(4), 2, 2), { dimension: D, seed: 1 });
    expect(() => directionScalars(adam.init(D), two, { normalizer: adam })).toThrow(
      new RangeError(
        'directionScalars: "gradients" must have one direction, that of the state (else use normalizedFeatures), got seed 1, step 0, 2 directions',
      ),
    );
    expect(() => directionScalars(adam.init(3), oneDirection(0), { normalizer: adam })).toThrow(
      new RangeError('directionScalars: "gradients" must have 3 coordinates as the state has, got 1500'),
    );
    // @ts-expect-error: the normaliser is left out
    expect(() => directionScalars(adam.init(D), oneDirection(0), {})).toThrow(
      new TypeError('directionScalars: "normalizer" must be what adamNormalize returns, got undefined'),
    );
  });
});
