import { describe, expect, it } from "vitest";
import { type RunRecord, renderReport, type StepRecord } from "../src/index.ts";
import { exampleRun } from "./example-runs.ts";
import { drawings } from "./well-formed.ts";

/** The example run with fields added to each step. */
function measured(add: (step: number) => Partial<StepRecord>, change: Partial<RunRecord> = {}): RunRecord {
  const run = exampleRun(change);
  return { ...run, steps: run.steps.map((step) => ({ ...step, ...add(step.step) })) };
}

const section = (page: string, heading: string): string => {
  const start = page.indexOf(`<h2>${heading}</h2>`);
  expect(start).toBeGreaterThan(0);
  return page.slice(start, page.indexOf("</section>", start));
};

describe("how often examples were trained on", () => {
  // of 1000 examples: sums 3 and 5 and dates 7 twice, sums 1 and 2 once
  const run = measured((step) => ({ examples: { sums: [3, 5, step], dates: [7] } }));
  const part = section(renderReport([run]), "How often examples were trained on");

  it("counts them", () => {
    expect(part).toContain("colm 8 → 4: 99.5 % of the training set 0 times");
    expect(part).toContain("colm 8 → 4: 0.2 % of the training set 1 times");
    expect(part).toContain("colm 8 → 4: 0.3 % of the training set 2 times");
  });

  it("names those that were most often, and the sources", () => {
    expect(part).toContain(
      "Most often in colm 8 → 4: example 3 (sums) 2×, example 5 (sums) 2×, example 7 (dates) 2×, example 1 (sums) 1×, example 2 (sums) 1×.",
    );
    expect(part).toContain("dates\u00a0◦</th><td>100</td><td>0.02</td><td>99.0 %</td>");
  });

  it("is left out with a word where it was not recorded", () => {
    const none = section(renderReport([exampleRun()]), "How often examples were trained on");
    expect(none).toContain("Which examples were trained on was not recorded.");
    expect(none).not.toContain("<svg");
    const both = renderReport([run, exampleRun({ name: "old", method: "random" })]);
    expect(both).toContain("Which examples were trained on was not recorded for old.");
  });
});

describe("matching error", () => {
  it("is drawn for the runs that have one", () => {
    const run = measured((step) => ({ matching: { plain: step / 4, upweighted: step / 8 } }));
    const part = section(
      renderReport([run, exampleRun({ name: "random", method: "random" })]),
      "Matching error",
    );
    expect(drawings(part).filter((svg) => svg.includes('class="chart"'))).toHaveLength(2);
    expect(part).toContain("Not recorded: random.");
  });

  it("is left out with a word where no run has one", () => {
    const part = section(renderReport([exampleRun()]), "Matching error");
    expect(part).toContain("No run recorded how far its choice was from the pool");
    expect(part).not.toContain("<svg");
  });
});

describe("time and memory", () => {
  it("has the stages, measured and ideal, their peaks, and what the bytes hold", () => {
    const run = measured(
      (step) => ({
        stages: { "pool pass": 0.125, backward: 0.25 * step },
        ideal: { "pool pass": 0.0625, backward: 0.125 * step },
        stageBytes: { selection: 500_000, training: 500_000 * step },
      }),
      { memory: { weights: 250_000 } },
    );
    const part = section(renderReport([run]), "Time and memory");
    // means over the two steps; the largest of the two steps
    for (const title of [
      "125 ms pool pass",
      "375 ms backward",
      "62.5 ms pool pass",
      "188 ms backward",
      "500 kB selection",
      "1.0 MB training",
      "250 kB weights",
    ])
      expect(part).toContain(`<title>colm 8 → 4: ${title}</title>`);
    expect(drawings(part)).toHaveLength(4);
  });

  it("has selection and training where stages were not recorded, and nothing invented", () => {
    const part = section(renderReport([exampleRun()]), "Time and memory");
    expect(part).toContain("<title>colm 8 → 4: 125 ms selection</title>");
    expect(part).toContain("<title>colm 8 → 4: 375 ms training</title>");
    for (const words of [
      "What the arithmetic alone would take was not recorded.",
      "Peaks by stage were not recorded",
      "What the bytes hold was not recorded.",
    ])
      expect(part).toContain(words);
    expect(drawings(part)).toHaveLength(1);
  });

  it("reads records that know training as one stage beside those that divide it", () => {
    const whole = measured(() => ({ stages: { data: 0.125, training: 0.5 } }));
    const divided = measured(
      () => ({ stages: { data: 0.125, trainingForward: 0.25, trainingBackward: 0.5 } }),
      {
        name: "new",
        method: "random",
      },
    );
    const part = section(renderReport([whole, divided]), "Time and memory");
    for (const title of ["colm 8 → 4: 500 ms training", "250 ms trainingForward", "500 ms trainingBackward"])
      expect(part).toContain(`${title}</title>`);
    // a run that was resumed has steps of both kinds: means over all of them
    const resumed = measured((step) => ({
      stages: step === 1 ? { training: 0.5 } : { trainingForward: 0.25, trainingBackward: 0.25 },
    }));
    const mixed = section(renderReport([resumed]), "Time and memory");
    for (const title of ["250 ms training", "125 ms trainingForward", "125 ms trainingBackward"])
      expect(mixed).toContain(`${title}</title>`);
  });

  it("has the seconds of evaluations, measured beside ideal, where there are any", () => {
    const run = exampleRun();
    const [before, after] = run.evaluations;
    const timed = { ...run, evaluations: [before, { ...after, seconds: 0.5, idealSeconds: 0.25 }] };
    const part = section(renderReport([timed]), "Time and memory");
    expect(part).toContain("<title>colm 8 → 4: 500 ms measured</title>");
    expect(part).toContain("<title>colm 8 → 4: 250 ms ideal</title>");
    expect(section(renderReport([run]), "Time and memory")).not.toContain("Seconds of an evaluation");
    const wrong = { ...run, evaluations: [before, { ...after, seconds: -1 }] };
    expect(() => renderReport([wrong])).toThrow(
      'renderReport: "runs[0].evaluations[1].seconds" must be a number of at least 0, got -1',
    );
  });

  it("counts the runs that lack something", () => {
    const staged = measured(() => ({ stageBytes: { training: 1 } }));
    const part = section(
      renderReport([staged, exampleRun({ name: "old", seed: 2, method: "random" })]),
      "Time and memory",
    );
    expect(part).toContain("Not recorded for 1 of 2 runs.");
  });
});

describe("what steps may have", () => {
  it.each([
    [
      { examples: { sums: [0.5] } },
      'steps[0].examples["sums"][0]" must be an integer of at least 0, got 0.5',
    ],
    [{ examples: { x: [] } }, 'steps[0].examples" must be by sources of the run, got "x"'],
    [{ stages: { a: Number.NaN } }, 'steps[0].stages.a" must be a number of at least 0, got NaN'],
    [{ stageBytes: { a: 0.5 } }, 'steps[0].stageBytes.a" must be an integer of at least 0, got 0.5'],
    [{ peakBytes: -1 }, 'steps[0].peakBytes" must be an integer of at least 0, got -1'],
    [{ gradientNorm: Infinity }, 'steps[0].gradientNorm" must be a number of at least 0, got Infinity'],
    [
      { matching: { plain: -1, upweighted: 0 } },
      'steps[0].matching.plain" must be a number of at least 0, got -1',
    ],
  ])("is checked: %o", (added, message) => {
    expect(() => renderReport([measured(() => added)])).toThrow(
      new RangeError(`renderReport: "runs[0].${message}`),
    );
  });
});
