import { describe, expect, it } from "vitest";
import { parseRunRecord, renderReport } from "../src/index.ts";
import { exampleRun } from "./example-runs.ts";

const good = exampleRun();
const [step] = good.steps;
const [evaluation] = good.evaluations;

describe("parseRunRecord", () => {
  it("gives a record back that went through JSON", () => {
    expect(parseRunRecord(JSON.parse(JSON.stringify(good)))).toEqual(good);
  });

  const cases: [change: object, kind: typeof RangeError | typeof TypeError, message: string][] = [
    [{ format: 2 }, RangeError, 'run.format" must be 1, the only format there is, got 2'],
    [{ name: "" }, RangeError, 'run.name" must not be empty, got ""'],
    [{ method: 3 }, TypeError, 'run.method" must be a text, got 3'],
    [{ budget: 0 }, RangeError, 'run.budget" must be an integer in [1, 8], got 0'],
    [{ budget: 9 }, RangeError, 'run.budget" must be an integer in [1, 8], got 9'],
    [{ pool: "8" }, TypeError, 'run.pool" must be an integer of at least 1, got "8"'],
    [{ peakBytes: 1.5 }, RangeError, 'run.peakBytes" must be an integer of at least 0 or null, got 1.5'],
    [
      { peakBytes: undefined },
      TypeError,
      'run.peakBytes" must be an integer of at least 0 or null, got undefined',
    ],
    [{ settings: [] }, TypeError, 'run.settings" must be an object, got a list'],
    [
      { settings: { a: [1] } },
      TypeError,
      'run.settings.a" must be a text, a number, true, false or null, got a list',
    ],
    [{ environment: { a: NaN } }, RangeError, 'run.environment.a" must be finite, got NaN'],
    [{ sources: {} }, TypeError, 'run.sources" must be a list, got an object'],
    [
      { sources: [...good.sources, good.sources[0]] },
      RangeError,
      'run.sources" must be distinct, got "sums" twice',
    ],
    [
      { sources: [{ name: "a", examples: 1, small: 0 }] },
      TypeError,
      'run.sources[0].small" must be true or false, got 0',
    ],
    [
      { steps: [step, { ...step, step: 2, loss: NaN }] },
      RangeError,
      'run.steps[1].loss" must be a number of at least 0, got NaN',
    ],
    [{ steps: [step, step] }, RangeError, 'run.steps[1].step" must be an integer of at least 2, got 1'],
    [
      { steps: [{ ...step, selectionSeconds: 0.75 }] },
      RangeError,
      'run.steps[0].selectionSeconds" must be a number in [0, 0.5], got 0.75',
    ],
    [
      { steps: [{ ...step, picked: { x: 1 } }] },
      RangeError,
      'run.steps[0].picked" must be by sources of the run, got "x"',
    ],
    [
      { steps: [{ ...step, picked: { sums: 0.5 } }] },
      RangeError,
      'run.steps[0].picked["sums"]" must be an integer of at least 0, got 0.5',
    ],
    [{ evaluations: [null] }, TypeError, 'run.evaluations[0]" must be an object, got null'],
    [
      { evaluations: [{ ...evaluation, step: 7 }] },
      RangeError,
      'run.evaluations[0].step" must be 0 or a step of the run, got 7',
    ],
    [
      { evaluations: [{ ...evaluation, exactMatch: 1.25 }] },
      RangeError,
      'run.evaluations[0].exactMatch" must be a number in [0, 1] or null, got 1.25',
    ],
    [
      { evaluations: [{ ...evaluation, macro: null }] },
      TypeError,
      'run.evaluations[0].macro" must be a number of at least 0, got null',
    ],
    [
      { evaluations: [{ ...evaluation, perSource: { sums: Infinity } }] },
      RangeError,
      'run.evaluations[0].perSource["sums"]" must be a number of at least 0, got Infinity',
    ],
  ];
  it.each(cases)("refuses %o", (change, Kind, message) => {
    expect(() => parseRunRecord({ ...good, ...change })).toThrow(new Kind(`parseRunRecord: "${message}`));
  });
});

describe("renderReport", () => {
  it("says which run is wrong", () => {
    const message = 'renderReport: "runs[1].seed" must be an integer of at least 0, got 0.5';
    expect(() => renderReport([good, { ...good, name: "b", seed: 0.5 }])).toThrow(new RangeError(message));
  });

  it("refuses no runs, no list, and two of one name", () => {
    expect(() => renderReport([])).toThrow(
      new RangeError('renderReport: "runs" must hold at least one run, got none'),
    );
    // @ts-expect-error: one run is no list
    expect(() => renderReport(good)).toThrow(
      new TypeError('renderReport: "runs" must be a list, got an object'),
    );
    expect(() => renderReport([good, good])).toThrow(
      new RangeError('renderReport: "runs" must have distinct names, got "colm 8 → 4" twice'),
    );
  });
});
