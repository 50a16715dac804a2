import { matrix } from "@colm/array";
import { describe, expect, it } from "vitest";
import {
  applySteps,
  coefficientStatistics,
  dense,
  direction,
  directionalGradients,
  directionSeed,
  finiteRows,
  gatherRows,
  perturbation,
  requireEstimates,
  spsa,
  zerothOrderStep,
} from "../src/index.ts";

const one = (...values: number[]) => ({
  coefficients: matrix(Float64Array.from(values), values.length, 1),
  dimension: 3,
  seed: 1,
  step: 0,
  fresh: true,
});

describe("coefficients beyond float32", () => {
  it("are refused by the name of the function that was called", () => {
    const message = (caller: string, name: string) =>
      `${caller}: "${name}" must be within float32, got 1e+39 at [1, 0]`;
    const g = one(Number.NaN, 1e39);
    expect(() => gatherRows(g, [0])).toThrow(new RangeError(message("gatherRows", "g")));
    expect(() => coefficientStatistics(g)).toThrow(new RangeError(message("coefficientStatistics", "g")));
    const finite = one(1, 1e39);
    expect(() => dense(finite)).toThrow(new RangeError(message("dense", "g")));
    expect(() => directionalGradients(finite.coefficients, finite)).toThrow(
      new RangeError(message("directionalGradients", "coefficients")),
    );
  });

  it("leave what lies within float32, NaN and infinities alone", () => {
    const g = one(2 ** 127, Number.NaN, Number.POSITIVE_INFINITY);
    expect(gatherRows(g, [2, 1, 0]).coefficients.data).toEqual(
      Float32Array.of(Number.POSITIVE_INFINITY, Number.NaN, 2 ** 127),
    );
    expect(coefficientStatistics(g)).toMatchObject({ examples: 1, dropped: 2 });
    requireEstimates("f", "g", structuredClone(g));
  });
});

describe("a step that float32 cannot hold", () => {
  const g = one(1e30);

  it("is refused where its scalars are not finite", () => {
    expect(() => zerothOrderStep(g, { learningRate: 1e300 })).toThrow(
      new RangeError('zerothOrderStep: "learningRate" must keep the scalars finite, got -Infinity at 0'),
    );
    expect(() => zerothOrderStep(one(1, 1), { learningRate: 1, weights: [1e308, 1e308] })).toThrow(
      new RangeError('zerothOrderStep: "weights" must have a finite sum, got Infinity'),
    );
  });

  it("is refused where the parameters leave float32, and by its place in the run", () => {
    const far = { ...zerothOrderStep(g, { learningRate: 1 }), scalars: [1e39] };
    const near = { ...far, scalars: [0.5] };
    expect(() => applySteps(new Float32Array(3), [near, far])).toThrow(
      /^applySteps: "steps\[1\]" must keep theta within float32, got -?Infinity at 0$/,
    );
    const out = { ...far, scalars: [1e308, 1e308, -1e308] };
    expect(() => applySteps(new Float32Array(3), [out])).toThrow(RangeError);
  });
});

describe("errors name the function that was called", () => {
  const apply = (f: (...args: never[]) => unknown, ...args: unknown[]): unknown =>
    Reflect.apply(f, undefined, args);
  const named = { dimension: 3, seed: 1, step: 0 };

  it.each<[string, () => unknown, string]>([
    [
      "a negative seed",
      () => directionSeed({ ...named, seed: -1, fresh: true }),
      'directionSeed: "seed" must be an integer of at least 0, got -1',
    ],
    [
      "no directions",
      () => apply(directionSeed, null),
      'directionSeed: "directions" must be an object, got null',
    ],
    [
      "a block past the end",
      () => perturbation(named, 0, 2, new Float32Array(2)),
      'perturbation: "out" must have at most 1 entries from 2 on, got 2',
    ],
    [
      "a negative direction",
      () => perturbation(named, -1, 0, new Float32Array(2)),
      'perturbation: "k" must be an integer in [0, 4294967295], got -1',
    ],
    [
      "a plain array",
      () => apply(perturbation, named, 0, 0, [1]),
      'perturbation: "out" must be a Float32Array, got an array of 1',
    ],
    [
      "a step of another seed",
      () => applySteps(new Float32Array(3), [{ ...named, seed: 0.5, scalars: [1] }]),
      'applySteps: "steps[0].seed" must be an integer of at least 0, got 0.5',
    ],
    [
      "steps that are no list",
      () => apply(applySteps, new Float32Array(3), null),
      'applySteps: "steps" must be an array, got null',
    ],
    [
      "no estimate to draw from",
      () => apply(direction, named, 0, 0, new Float32Array(1)),
      'direction: "g" must be directional gradients, got an object of kind Object',
    ],
    ["no estimate", () => apply(dense, null), 'dense: "g" must be directional gradients, got null'],
    [
      "no estimate to gather from",
      () => apply(gatherRows, null, []),
      'gatherRows: "g" must be directional gradients, got null',
    ],
    [
      "no estimate to judge",
      () => apply(coefficientStatistics, undefined),
      'coefficientStatistics: "g" must be directional gradients, got undefined',
    ],
    [
      "null for the statistics' options",
      () => apply(coefficientStatistics, one(1), null),
      'coefficientStatistics: "options" must be an object, got null',
    ],
    [
      "null for losses",
      () => apply(coefficientStatistics, one(1), { losses: null }),
      'coefficientStatistics: "losses" must be an array of numbers, got null',
    ],
    [
      "null for directions",
      () => apply(directionalGradients, one(1).coefficients, null),
      'directionalGradients: "directions" must be an object, got null',
    ],
    [
      "null for a step's options",
      () => apply(zerothOrderStep, one(1), null),
      'zerothOrderStep: "options" must be an object, got null',
    ],
    [
      "coefficients without columns",
      () => requireEstimates("f", "g", { ...named, coefficients: matrix(new Float32Array(0), 1, 0) }),
      'f: "g" must have at least 1 direction, got 0',
    ],
    [
      "strides outside the data",
      () =>
        apply(requireEstimates, "f", "g", {
          ...named,
          coefficients: { ...matrix(new Float32Array(2), 2, 1), shape: [2, 1], offset: 0, stride: [9, 1] },
        }),
      'f: "g" must lie inside its data, got nothing at [1, 0]',
    ],
  ])("%s", (_, call, message) => {
    expect(call).toThrow(message);
  });

  it("rows of what is no matrix", () => {
    expect(() => apply(finiteRows, null)).toThrow(
      new TypeError(
        'finiteRows: "m" must be an ndarray over a Float32Array or a Float64Array, got undefined',
      ),
    );
  });

  it("null for the options of spsa", async () => {
    await expect(apply(spsa, (x: Float32Array) => x, new Float32Array(1), null)).rejects.toThrow(
      new TypeError('spsa: "options" must be an object, got null'),
    );
  });
});
