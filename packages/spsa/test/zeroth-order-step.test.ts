import { matrix, normal } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  applySteps,
  dense,
  directionalGradients,
  perturbation,
  spsa,
  type ZerothOrderStep,
  zerothOrderStep,
} from "../src/index.ts";

const estimate = (coefficients: number[], n: number, q: number, dimension = 5, step = 0) =>
  directionalGradients(matrix(Float32Array.from(coefficients), n, q), {
    dimension,
    seed: 6,
    step,
    fresh: true,
  });

describe("zerothOrderStep", () => {
  it("does the worked example", () => {
    // means 1 and -3 along two directions, times -1/2 and one half of each for q = 2
    const step = zerothOrderStep(estimate([4, -2, -2, -4], 2, 2), { learningRate: 0.5 });
    expect(step).toEqual({ dimension: 5, seed: 6, step: 0, fresh: true, scalars: [-0.25, 0.75] });
  });

  it("weighs examples by their share of the sum of weights", () => {
    const g = estimate([4, -2, 8], 3, 1);
    expect(zerothOrderStep(g, { learningRate: 1, weights: [1, 3, 0] }).scalars).toEqual([0.5]);
    expect(zerothOrderStep(g, { learningRate: 1, weights: [2, 6, 0] }).scalars).toEqual([0.5]);
    expect(zerothOrderStep(g, { learningRate: 1, weights: [5, 5, 5] }).scalars[0]).toBeCloseTo(-10 / 3, 12);
  });

  it("is minus the learning rate times the mean of the dense gradients", () => {
    const g = estimate([1, 2, -3, 0.5, 4, 1], 2, 3);
    const full = dense(g);
    const moved = applySteps(new Float32Array(5), [zerothOrderStep(g, { learningRate: 0.25 })]);
    for (let j = 0; j < 5; j++) {
      // both sides were rounded to float32
      expect(moved[j]).toBeCloseTo((-0.25 * (full.get(0, j) + full.get(1, j))) / 2, 5);
    }
  });

  it("descends a quadratic from losses alone, and its log replays the run bit for bit", async () => {
    const target = [3, -1, 0.5, 2];
    const loss = (theta: Float32Array): Float32Array =>
      Float32Array.from([1, 2], (scale) =>
        target.reduce((sum, t, j) => sum + (scale / 2) * (theta[j] - t) ** 2, 0),
      );
    const start = new Float32Array(4);
    let theta: Float32Array = start;
    const log: ZerothOrderStep[] = [];
    for (let step = 0; step < 150; step++) {
      const g = await spsa(loss, theta, { seed: 8, step, fresh: true, directions: 4, epsilon: 2 ** -6 });
      const taken = zerothOrderStep(g, { learningRate: 0.15 });
      theta = applySteps(theta, [taken]);
      log.push(taken);
    }
    expect(loss(theta)[0]).toBeLessThan(1e-3 * loss(start)[0]);
    expect(applySteps(start, JSON.parse(JSON.stringify(log)))).toEqual(theta);
  });

  it.each([
    [{ learningRate: 0 }, 'zerothOrderStep: "learningRate" must be finite and above 0, got 0'],
    [{ learningRate: 1, weights: [1] }, 'zerothOrderStep: "weights" must have 2 entries, got 1'],
    [{ learningRate: 1, weights: [1, -1] }, 'zerothOrderStep: "weights" must be at least 0, got -1 at 1'],
    [{ learningRate: 1, weights: [0, 0] }, 'zerothOrderStep: "weights" must have a sum above 0, got 0'],
  ])("refuses %j", (options, message) => {
    expect(() => zerothOrderStep(estimate([1, 2], 2, 1), options)).toThrow(new RangeError(message));
  });

  it("refuses an estimate without examples, or with NaN, and a rate that is no number", () => {
    expect(() => zerothOrderStep(estimate([], 0, 1), { learningRate: 1 })).toThrow(
      new RangeError('zerothOrderStep: "g" must have at least 1 example, got 0'),
    );
    const lost = { ...estimate([1], 1, 1), coefficients: matrix(Float32Array.of(Number.NaN), 1, 1) };
    expect(() => zerothOrderStep(lost, { learningRate: 1 })).toThrow(
      new RangeError('zerothOrderStep: "g" must be finite, got NaN at [0, 0]'),
    );
    // @ts-expect-error: a string is refused at run time too
    expect(() => zerothOrderStep(estimate([1], 1, 1), { learningRate: "1" })).toThrow(
      new TypeError('zerothOrderStep: "learningRate" must be a number, got "1"'),
    );
  });
});

describe("applySteps", () => {
  it("adds each direction times its scalar, rounded once for each step", () => {
    const d = 20_001; // several blocks and a rest
    const theta = normal(new Float32Array(d), { seed: 2 });
    const step = { dimension: d, seed: 6, step: 3, fresh: true, scalars: [0.5, -0.25] };
    const [z0, z1] = [0, 1].map((k) => perturbation(step, k, 0, new Float32Array(d)));
    const wanted = theta.map((x, j) => x + 0.5 * z0[j] - 0.25 * z1[j]);
    expect(applySteps(theta, [step])).toEqual(wanted);
  });

  it("leaves theta and the steps alone, and returns a fresh array even without steps", () => {
    const theta = Float32Array.of(1, 2, 3, 4, 5);
    const step = zerothOrderStep(estimate([1, 2], 2, 1), { learningRate: 1 });
    const before = structuredClone({ theta, step });
    applySteps(theta, [step, step]);
    expect({ theta, step }).toEqual(before);
    const same = applySteps(theta, []);
    expect(same).toEqual(theta);
    expect(same).not.toBe(theta);
  });

  it("all at once or one by one, the same bits", () => {
    const scalars = fc.array(fc.double({ min: -1, max: 1, noNaN: true }), { minLength: 1, maxLength: 3 });
    fc.assert(
      fc.property(fc.array(scalars, { maxLength: 4 }), (log) => {
        const steps = log.map((list, step) => ({ dimension: 7, seed: 1, step, fresh: true, scalars: list }));
        const theta = normal(new Float32Array(7), { seed: 4 });
        const byOne = steps.reduce((at, step) => applySteps(at, [step]), theta);
        expect(applySteps(theta, steps)).toEqual(byOne);
      }),
    );
  });

  it("says what is wrong", () => {
    const step = { dimension: 3, seed: 1, step: 0, scalars: [1] };
    expect(() => applySteps(new Float32Array(2), [step])).toThrow(
      new RangeError('applySteps: "steps" must have 2 entries as "theta" has, got 3 at 0'),
    );
    expect(() => applySteps(new Float32Array(3), [step, { ...step, scalars: [Number.NaN] }])).toThrow(
      new RangeError('applySteps: "steps[1].scalars" must be finite, got NaN at 0'),
    );
    expect(() => applySteps(Float32Array.of(1, Number.NaN, 0), [step])).toThrow(
      new RangeError('applySteps: "theta" must be finite, got NaN at 1'),
    );
    // @ts-expect-error: an array of numbers is refused at run time too
    expect(() => applySteps([1, 2, 3], [step])).toThrow(
      new TypeError('applySteps: "theta" must be a Float32Array, got an array of 3'),
    );
    // @ts-expect-error: so is a bare number for a step
    expect(() => applySteps(new Float32Array(3), [step, 4])).toThrow(
      new TypeError('applySteps: "steps" must hold what zerothOrderStep returns, got 4 at 1'),
    );
  });
});
