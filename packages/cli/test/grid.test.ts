import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { parseGrid } from "../src/compare/grid.ts";
import { type Outcome, runColm } from "./run-colm.ts";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

describe("a grid file", () => {
  it("gives methods × sizes × seeds, whole comparisons first", () => {
    const { runs, baseline } = parseGrid("grid.json", {
      train: { model: "m", pool: 16 },
      methods: ["colm", { name: "fast", method: "random", learning_rate: 0.1 }, "random-pool"],
      sizes: [{ budget: 8 }, { name: "large", pool: 32, budget: 8 }],
      seeds: [1, 2],
      baseline: "fast",
    });
    expect(baseline).toBe("fast");
    expect(runs.map(({ name }) => name)).toEqual([
      "colm-budget-8-seed-1",
      "fast-budget-8-seed-1",
      "random-pool-budget-8-seed-1",
      "colm-large-seed-1",
      "fast-large-seed-1",
      "random-pool-large-seed-1",
      "colm-budget-8-seed-2",
      "fast-budget-8-seed-2",
      "random-pool-budget-8-seed-2",
      "colm-large-seed-2",
      "fast-large-seed-2",
      "random-pool-large-seed-2",
    ]);
    expect(runs[1].argv).toEqual([
      "train",
      "--model=m",
      "--pool=16",
      "--budget=8",
      "--method=random",
      "--learning-rate=0.1",
      "--seed=1",
    ]);
    // the whole pool, whatever the size says of the budget
    expect(runs[5].argv).toContain("--budget=32");
    // three seeds, so that there is a spread
    expect(parseGrid("g", {}).runs).toEqual(
      [42, 43, 44].map((seed) => ({
        name: `colm-seed-${seed}`,
        argv: ["train", "--method=colm", `--seed=${seed}`],
      })),
    );
  });

  it("is what the README and the help show", async () => {
    const readme = readFileSync(fileURLToPath(new URL("../README.md", import.meta.url)), "utf8");
    const [, block = ""] = /```json\n([\s\S]*?)```/.exec(readme) ?? [];
    expect(parseGrid("README", JSON.parse(block)).runs).toHaveLength(12);
    const { stdout } = await runMain(["compare", "--help"]);
    const [shown = ""] = /\{\n {4}"train"[\s\S]*?\n {2}\}/.exec(stdout) ?? [];
    expect(parseGrid("help", JSON.parse(shown)).runs).toHaveLength(24);
  });

  it.each([
    [[], "g must be an object with train, methods, sizes, seeds, baseline"],
    [
      { method: [] },
      'g must hold train, methods, sizes, seeds, baseline, got "method", did you mean "methods"?',
    ],
    [{ seeds: [] }, 'g: "seeds" must be a list of at least one, got []'],
    [{ seeds: [0.5] }, 'g: "seeds[0]" must be an integer of at least 0, got 0.5'],
    [{ methods: ["best"] }, /g: "methods\[0\]": "method" must be one of/],
    [{ train: { seed: 3 } }, 'g: "train" must leave "seed" to the grid'],
    [
      { sizes: [{ budgets: 3 }] },
      'g: "sizes[0]" must hold settings alone, got "budgets", did you mean "budget"?',
    ],
    [
      { methods: ["colm", { learning_rate: 0.1 }] },
      'g must give its runs distinct names, got "colm-seed-42" twice: name methods and sizes',
    ],
    [{ baseline: 3 }, 'g: "baseline" must be the name of a run or group, got 3'],
    [{ sizes: [{ name: "-" }] }, 'g: "sizes[0]": "name" must be a text with a letter or digit, got "-"'],
  ])("is refused: %j", (value, message) => {
    expect(() => parseGrid("g", value)).toThrow(message);
  });
});

/** What of a step the clock says. */
type Step = Readonly<Record<"seconds" | "selectionSeconds" | "stages" | "ideal", unknown>>;

/** What of an evaluation the clock says. */
type Timed = Readonly<Record<"seconds" | "idealSeconds", unknown>>;

describe("colm compare --grid", () => {
  let job: TinyJob;
  beforeAll(async () => {
    job = await tinyJob();
    const grid = {
      train: {
        model: "model",
        data: "train.jsonl",
        validation: "held-out.jsonl",
        max_steps: 2,
        lora_rank: 2,
      },
      // the second size asks for more examples than there are: it fails
      methods: ["random", { name: "too-large", method: "random", pool: 61 }],
      sizes: [{ pool: 16, budget: 8 }],
      seeds: [1, 2],
    };
    writeFileSync(join(job.cwd, "grid.json"), JSON.stringify(grid));
  });

  const run = (...more: string[]): Promise<Outcome> =>
    runColm(["compare", "--grid", "grid.json", "--output", "grid", ...more], { cwd: job.cwd });
  const states = ({ stdout }: Outcome): string[] =>
    JSON.parse(stdout).runs.map(({ name, state }: { name: string; state: string }) => `${name} ${state}`);

  it("says what is to be done, and does nothing", async () => {
    const { code, stdout } = await run("--dry-run");
    expect(code).toBe(0);
    expect(stdout).toContain("[1/4] random-pool-16-budget-8-seed-1: to run\n");
    expect(existsSync(join(job.cwd, "grid"))).toBe(false);
  });

  it("runs each in a process of its own, passes over the finished, and isolates failures", async () => {
    const first = await run("--json");
    expect(first.code).toBe(1);
    expect(states(first)).toEqual([
      "random-pool-16-budget-8-seed-1 done",
      "too-large-pool-16-budget-8-seed-1 failed",
      "random-pool-16-budget-8-seed-2 done",
      "too-large-pool-16-budget-8-seed-2 failed",
    ]);
    const { groups, runs } = JSON.parse(first.stdout);
    expect(runs[1].error).toMatch(/"pool" must be at most the 60 training examples, got 61/);
    expect(groups).toHaveLength(1);
    expect(groups[0]).toMatchObject({ label: "random 8 of 16", seeds: [1, 2] });
    expect(groups[0].measures.macro.deviation).toBeGreaterThan(0);
    expect(readFileSync(join(job.cwd, "grid", "report.html"), "utf8")).toContain("random 8 of 16");

    // one run is taken back to its beginning: it alone is run again
    rmSync(join(job.cwd, "grid", "random-pool-16-budget-8-seed-2"), { recursive: true });
    const again = await run("--json");
    expect(states(again)).toEqual([
      "random-pool-16-budget-8-seed-1 finished",
      "too-large-pool-16-budget-8-seed-1 failed",
      "random-pool-16-budget-8-seed-2 done",
      "too-large-pool-16-budget-8-seed-2 failed",
    ]);
    // the same seeds give the same losses
    expect(JSON.parse(again.stdout).groups[0].measures.macro).toEqual(groups[0].measures.macro);
  });

  it("runs several side by side: the same runs, failures apart, and goes on the same way", async () => {
    const beside = (...more: string[]): Promise<Outcome> =>
      runColm(["compare", "--grid", "grid.json", "--output", "beside", "--jobs", "3", ...more], {
        cwd: job.cwd,
      });
    const { code, stdout } = await beside();
    expect(code).toBe(1);
    const lines = stdout.split("\n");
    // three are under way before any is over
    expect(lines.slice(0, 3).map((line) => line.slice(0, 5))).toEqual(["[1/4]", "[2/4]", "[3/4]"]);
    for (const line of lines.slice(0, 3)) expect(line).toMatch(/: begins$/);
    const filesOf = (grid: string, name: string): unknown => {
      const folder = join(job.cwd, grid, `random-pool-16-budget-8-seed-${name}`);
      const { steps, evaluations, peakBytes } = JSON.parse(readFileSync(join(folder, "run.json"), "utf8"));
      const plain = steps.map(
        ({ seconds: _, selectionSeconds: __, stages: ___, ideal: ____, ...rest }: Step) => rest,
      );
      const adapter = readFileSync(join(folder, "adapter", "adapter_model.safetensors")).toString("base64");
      const losses = evaluations.map(({ seconds: _, idealSeconds: __, ...rest }: Timed) => rest);
      return { steps: plain, evaluations: losses, peakBytes, adapter };
    };
    for (const seed of ["1", "2"]) expect(filesOf("beside", seed)).toEqual(filesOf("grid", seed));
    // taken back to their checkpoints, both go on
    for (const seed of [1, 2]) {
      rmSync(join(job.cwd, "beside", `random-pool-16-budget-8-seed-${seed}`, "adapter"), { recursive: true });
    }
    const again = await beside("--json");
    expect(states(again)).toEqual([
      "random-pool-16-budget-8-seed-1 done",
      "too-large-pool-16-budget-8-seed-1 failed",
      "random-pool-16-budget-8-seed-2 done",
      "too-large-pool-16-budget-8-seed-2 failed",
    ]);
  });

  it("takes turns where all runs are in one process", async () => {
    const { train, sizes, ...rest } = JSON.parse(readFileSync(join(job.cwd, "grid.json"), "utf8"));
    const path = (name: string): string => join(job.cwd, name);
    const own = {
      ...train,
      model: path("model"),
      data: path("train.jsonl"),
      validation: path("held-out.jsonl"),
    };
    const grid = { ...rest, sizes, train: own, methods: ["random", "keep-random"], seeds: [1] };
    writeFileSync(path("turns.json"), JSON.stringify(grid));
    const argv = ["compare", "--grid", path("turns.json"), "--jobs", "2"];
    expect((await runMain([...argv, "--output", path("turns")])).code).toBe(0);
    // bytes of two runs at once would add up
    const peak = (folder: string): unknown =>
      JSON.parse(readFileSync(join(folder, "run.json"), "utf8")).peakBytes;
    expect(peak(path("turns/random-pool-16-budget-8-seed-1"))).toBe(
      peak(path("grid/random-pool-16-budget-8-seed-1")),
    );
  });

  it.each([
    [["--grid", "grid.json", "--jobs", "0"], "--jobs must be an integer of at least 1, got 0"],
    [["--grid", "grid.json", "--jobs", "1.5"], "--jobs must be an integer"],
    [["grid", "--jobs", "2"], "--jobs must go with --grid"],
  ])("refuses %j", async (argv, message) => {
    const { code, stderr } = await runColm(["compare", ...argv], { cwd: job.cwd });
    expect(code).toBe(2);
    expect(stderr).toContain(message);
    expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  });

  it("goes on from a checkpoint, and refuses a folder of other settings", async () => {
    const single = {
      train: { model: "model", data: "train.jsonl", max_steps: 2, lora_rank: 2, pool: 16, budget: 8 },
      methods: ["random"],
      seeds: [1],
    };
    writeFileSync(join(job.cwd, "single.json"), JSON.stringify(single));
    const argv = ["compare", "--grid", "single.json", "--output", "single"];
    expect((await runColm(argv, { cwd: job.cwd })).code).toBe(0);
    const folder = join(job.cwd, "single", "random-seed-1");
    const losses = (): number[] =>
      JSON.parse(readFileSync(join(folder, "run.json"), "utf8")).steps.map(
        ({ loss }: { loss: number }) => loss,
      );
    const before = losses();
    rmSync(join(folder, "adapter"), { recursive: true });
    const resumed = await runColm(argv, { cwd: job.cwd });
    expect(resumed.stdout).toContain("[1/1] random-seed-1: goes on from its checkpoint");
    expect(readdirSync(folder)).toContain("adapter");
    expect(losses()).toEqual(before);
    writeFileSync(join(folder, "arguments.json"), "[]");
    const { stdout, code } = await runColm(argv, { cwd: job.cwd });
    expect(stdout).toMatch(/failed: random-seed-1: single\/random-seed-1 was run with other settings/);
    expect(code).toBe(1);
  });

  it("stops at Ctrl-C: the run under way saves, the others wait", async () => {
    const long = {
      train: { model: "model", data: "train.jsonl", max_steps: 4000, lora_rank: 2, pool: 16, budget: 8 },
      methods: ["random"],
      seeds: [1, 2],
    };
    writeFileSync(join(job.cwd, "long.json"), JSON.stringify(long));
    let sent = false;
    const { code, stdout } = await runColm(["compare", "--grid", "long.json", "--output", "long"], {
      cwd: job.cwd,
      onOutput: (text, send) => {
        if (sent || !text.includes("begins")) return;
        sent = true;
        setTimeout(() => send("SIGINT"), 1500);
      },
    });
    expect(code).toBe(130);
    expect(stdout).toContain("left: random-seed-1, random-seed-2");
    expect(
      readdirSync(join(job.cwd, "long", "random-seed-1")).some((name) => name.startsWith("checkpoint-")),
    ).toBe(true);
    expect(existsSync(join(job.cwd, "long", "random-seed-2"))).toBe(false);
  });
});
