import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { runRecord, writeRun } from "./run-records.ts";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "colm-report-"));
  const runs = join(folder, "runs");
  writeRun(runs, "colm", runRecord("colm", 2));
  writeRun(runs, "random", runRecord("random", 2.5, { method: "random" }));
  writeRun(runs, "pool", runRecord("pool", 2.25, { method: "random", pool: 8, budget: 8 }));
  writeRun(runs, "other-seed", runRecord("other-seed", 3, { method: "random", seed: 2 }));
  writeRun(runs, "other-model", runRecord("other-model", 3, { method: "random", settings: { model: "x" } }));
  mkdirSync(join(runs, "empty"));
  writeFileSync(join(folder, "broken.json"), "{");
  writeFileSync(join(folder, "wrong.json"), JSON.stringify({ ...runRecord("w", 1), budget: 9 }));
  writeRun(join(folder, "twice"), "colm", runRecord("colm", 1.5, { seed: 2 }));
});

afterAll(() => rmSync(folder, { recursive: true }));

const report = (...argv: string[]): ReturnType<typeof runMain> => runMain(["report", ...argv]);

describe("colm report", () => {
  it("reads a record that begins with a byte order mark, and refuses an output without a name", async () => {
    const marked = join(folder, "marked.json");
    writeFileSync(marked, `\uFEFF${JSON.stringify(runRecord("marked", 2))}`);
    const output = join(folder, "marked.html");
    expect(await report(marked, "--output", output)).toMatchObject({ code: 0, stderr: "" });
    for (const command of ["report", "compare"]) {
      const { code, stderr } = await runMain([command, marked, "--output", ""]);
      expect(stderr).toBe(`colm ${command}: --output must be the name of a file or folder, got ""\n`);
      expect(code).toBe(2);
    }
  });

  it("writes the page of a run, with the controls that lie beside it", async () => {
    const { code, stdout, stderr } = await report(join(folder, "runs", "colm"));
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const path = join(folder, "runs", "colm", "report.html");
    expect(stdout).toBe(`with the controls beside: pool, random\n${path}\n`);
    const page = readFileSync(path, "utf8");
    expect(page).toContain("<h1>colm</h1>");
    expect(page).toContain("Not run: keep-random 8 → 4.");
    expect(page).not.toContain("other-");
  });

  it("leaves them out when asked to, and says in JSON what it holds", async () => {
    const output = join(folder, "alone.html");
    const { stdout } = await report(join(folder, "runs", "colm"), "--alone", "--json", "--output", output);
    expect(JSON.parse(stdout)).toEqual({ report: output, runs: ["colm"], controls: [] });
    expect(existsSync(output)).toBe(true);
  });

  it("takes a folder of runs, or record files, and calls runs of one name by their paths", async () => {
    const all = await report(join(folder, "runs"), "--title", "All", "--json");
    const { runs, report: path } = JSON.parse(all.stdout);
    expect(runs).toEqual(["colm", "other-model", "other-seed", "pool", "random"]);
    expect(path).toBe(join(folder, "runs", "report.html"));
    const two = await report(
      join(folder, "runs", "colm", "run.json"),
      join(folder, "twice", "colm"),
      "--alone",
      "--json",
    );
    expect(JSON.parse(two.stdout).report).toBe(join(folder, "report.html"));
    expect(JSON.parse(two.stdout).runs.map((name: string) => name.split("/").slice(-2).join("/"))).toEqual([
      "runs/colm",
      "twice/colm",
    ]);
  });

  it.each([
    [[], "at least one RUN must be given"],
    [["nowhere"], "a run must be a folder or a record, got nothing at nowhere"],
    [["FOLDER/runs/empty"], "a run must have a run.json, got none in FOLDER/runs/empty"],
    [["FOLDER/broken.json"], /FOLDER\/broken\.json must be the record of a run: /],
    [
      ["FOLDER/wrong.json"],
      'FOLDER/wrong.json must be the record of a run: "run.budget" must be an integer in [1, 8], got 9',
    ],
    [["FOLDER/runs", "--baseline", "x"], /"baseline" must be one of .* got "x"/],
  ])("refuses %j", async (argv, message) => {
    const { code, stderr } = await report(...argv.map((part) => part.replace("FOLDER", folder)));
    const text = stderr.replaceAll(folder, "FOLDER");
    if (typeof message === "string") expect(text).toBe(`colm report: ${message}\n`);
    else expect(text).toMatch(message);
    expect(code).toBe(2);
  });
});

describe("colm compare of runs", () => {
  it("shows means over seeds and differences to the random runs, seed by seed", async () => {
    const place = join(folder, "seeds");
    for (const seed of [1, 2]) {
      writeRun(place, `colm-${seed}`, runRecord(`colm-${seed}`, 2 + seed / 4, { seed }));
      writeRun(
        place,
        `random-${seed}`,
        runRecord(`random-${seed}`, 3 + seed / 2, { seed, method: "random" }),
      );
    }
    const { code, stdout } = await runMain(["compare", place]);
    expect(code).toBe(0);
    const cells = stdout.split("\n").map((line) => line.split(/ {2,}/));
    // 2.25 and 2.5; 3.5 and 4
    expect(cells[2]).toEqual([
      "colm 4 of 8 *",
      "2",
      "2.3750 ± 0.1768",
      "2.3750 ± 0.1768",
      "-",
      "50.0 ± 0.0",
      "0.500 ± 0.000",
      "1.0 ± 0.0",
    ]);
    expect(cells[5][0]).toBe("minus random 4 of 8");
    // -1.25 and -1.5
    expect(cells[7].slice(0, 4)).toEqual([
      "colm 4 of 8",
      "2",
      "-1.3750 ± 0.1768 (2)",
      "-1.3750 ± 0.1768 (2)",
    ]);

    const output = join(folder, "compared.html");
    const json = await runMain(["compare", place, "--baseline", "colm-1", "--json", "--output", output]);
    const { groups, baseline, report: path } = JSON.parse(json.stdout);
    expect([baseline, path]).toEqual(["colm 4 of 8", output]);
    expect(groups[1].differences.macro).toMatchObject({ mean: 1.375, lower: 0, higher: 2 });
    expect(readFileSync(output, "utf8")).toContain("<h2>Against colm 4 of 8</h2>");
  });

  it("refuses a baseline that is none, and nothing to compare", async () => {
    const unknown = await runMain(["compare", join(folder, "runs"), "--baseline", "x"]);
    expect(unknown.stderr).toMatch(
      /^colm compare: --baseline must be one of "colm", .* or the name of a run, got "x"\n$/,
    );
    expect((await runMain(["compare"])).stderr).toBe(
      "colm compare: either RUN... or --grid FILE must be given\n",
    );
    expect((await runMain(["compare", "a", "--dry-run"])).stderr).toBe(
      "colm compare: --dry-run must go with --grid\n",
    );
  });
});
