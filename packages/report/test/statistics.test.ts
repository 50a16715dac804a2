import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { compareGroups, type RunRecord, renderReport } from "../src/index.ts";
import { estimate } from "../src/statistics.ts";
import { controlRun, exampleRun } from "./example-runs.ts";

/** A run of a method and seed whose last macro loss is `macro`. */
function run(method: string, seed: number, macro: number, change: Partial<RunRecord> = {}): RunRecord {
  const [start, end] = exampleRun().evaluations;
  const evaluations = [start, { ...end, macro }];
  return exampleRun({ name: `${method} ${seed}`, method, seed, evaluations, ...change });
}

describe("estimate", () => {
  it("is the mean and the standard deviation with n - 1", () => {
    expect(estimate([1, 2, 3, 6])).toEqual({ seeds: 4, mean: 3, deviation: Math.sqrt(14 / 3) });
    expect(estimate([2.5])).toEqual({ seeds: 1, mean: 2.5, deviation: null });
    expect(estimate([])).toBeNull();
  });

  it("of equal values is that value, with deviation 0", () => {
    const value = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(value, fc.integer({ min: 2, max: 9 }), (x, n) => {
        expect(estimate(new Array<number>(n).fill(x))).toEqual({ seeds: n, mean: x, deviation: 0 });
      }),
    );
  });
});

describe("compareGroups", () => {
  const runs = [
    run("colm", 1, 2),
    run("random", 1, 2.5),
    run("colm", 2, 3),
    run("random", 2, 3.25),
    run("colm", 3, 4),
    run("keep-random", 3, 1),
  ];

  it("takes runs that differ in nothing but the seed together", () => {
    const groups = compareGroups(runs);
    expect(groups.map(({ label, seeds, runs: names }) => [label, seeds, names])).toEqual([
      ["colm 4 of 8", [1, 2, 3], ["colm 1", "colm 2", "colm 3"]],
      ["random 4 of 8", [1, 2], ["random 1", "random 2"]],
      ["keep-random 3", [3], ["keep-random 3"]],
    ]);
    expect(groups[0].measures.macro).toEqual({ seeds: 3, mean: 3, deviation: 1 });
    expect(groups[0].differences).toBeNull();
  });

  it("takes differences over the seeds that both ran", () => {
    const [colm, random, keep] = compareGroups(runs, { baseline: "random 4 of 8" });
    // seed 3 was not run with random: -0.5 and -0.25 remain
    expect(colm.differences?.macro).toEqual({
      seeds: 2,
      mean: -0.375,
      deviation: Math.sqrt(2 * 0.125 ** 2),
      lower: 2,
      higher: 0,
    });
    expect(colm.differences?.stepSeconds).toEqual({ seeds: 2, mean: 0, deviation: 0, lower: 0, higher: 0 });
    expect(random.differences).toBeNull();
    expect(keep.differences?.macro).toBeNull();
    expect(compareGroups(runs, { baseline: "random 2" })).toEqual(
      compareGroups(runs, { baseline: "random 4 of 8" }),
    );
  });

  it("keeps settings apart, and the same seed twice", () => {
    const fast = { settings: { learningRate: 0.1 } };
    const labels = compareGroups([
      run("colm", 1, 2),
      run("colm", 2, 2),
      run("colm", 1, 2, { ...fast, name: "fast 1" }),
      run("colm", 2, 2, { ...fast, name: "fast 2" }),
      run("colm", 2, 2, { ...fast, name: "again" }),
    ]).map(({ label }) => label);
    expect(labels).toEqual(["colm 4 of 8 (learningRate 0.01)", "colm 4 of 8 (learningRate 0.1)", "again"]);
  });

  it("calls a group by what it has more than the others", () => {
    const mode = { settings: { learningRate: 0.01, clipping: null, mode: "default" } };
    const labels = compareGroups([
      ...[1, 2].map((seed) => run("colm", seed, 2)),
      ...[1, 2].map((seed) => run("colm", seed, 2, { ...mode, name: `default ${seed}` })),
    ]).map(({ label }) => label);
    expect(labels).toEqual(["colm 4 of 8", "colm 4 of 8 (mode default)"]);
  });

  it("refuses a baseline that is none", () => {
    expect(() => compareGroups(runs, { baseline: "best" })).toThrow(
      new RangeError(
        'compareGroups: "baseline" must be one of "colm 4 of 8", "random 4 of 8", "keep-random 3" or the name of a run, got "best"',
      ),
    );
    expect(() => compareGroups([])).toThrow('compareGroups: "runs" must hold at least one run, got none');
  });
});

describe("a page over seeds", () => {
  const seeds = [1, 2, 3];
  const runs = seeds.flatMap((seed) => [
    run("colm", seed, 2 + seed / 8),
    run("random", seed, 2.5 + seed / 8, { pool: 4 }),
  ]);
  const page = renderReport(runs, { baseline: "random 4" });

  it("has one line for each method, with its spread", () => {
    expect(page).toContain('colm 4 of 8<span class="spread">3 seeds</span></th>');
    // macro 2.125, 2.25, 2.375
    expect(page).toContain('2.250<span class="spread">± 0.125</span>');
    expect(page).toContain("Lines are means over the seeds");
    expect(page).not.toContain("ran once, with one seed");
  });

  it("has differences seed by seed against the controls and the baseline", () => {
    expect(page).toContain(
      '−0.500 <span class="better">better</span><span class="spread">± 0.000, 3 of 3</span>',
    );
    expect(page).toContain("<h2>Against random 4</h2>");
  });

  it("takes no difference between other seeds, and says so", () => {
    const apart = renderReport(
      [run("colm", 1, 2), controlRun("random 4", "random", 4, 4, 0)].map((each, i) => ({ ...each, seed: i })),
    );
    expect(apart).toContain("random 4 was run with other seeds: no difference is taken.");
  });

  it("names the settings in which a control is not the same, and takes none of another model", () => {
    const other = run("random", 1, 2, { pool: 4, settings: { learningRate: 0.1, clipping: null } });
    expect(renderReport([run("colm", 1, 2), other])).toContain(
      "random 1 was run with other settings: learningRate.",
    );
    const small = run("random", 1, 2, {
      pool: 4,
      settings: { learningRate: 0.01, clipping: null, model: "small" },
    });
    expect(renderReport([run("colm", 1, 2), small])).toContain("Not run: random 4, random 8");
  });
});
