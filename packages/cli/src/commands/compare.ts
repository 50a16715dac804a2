import { join } from "node:path";
import { compareGroups, type GroupComparison, type RunRecord, renderReport } from "@colm/report";
import { commonOptions, progressOf, writeResult } from "../common-options.ts";
import { type Equivalent, equivalentLines, equivalents } from "../compare/equivalent-lines.ts";
import { parseGrid } from "../compare/grid.ts";
import { requireBaseline } from "../compare/grid-baseline.ts";
import { groupTable } from "../compare/group-table.ts";
import { type GridOutcome, runGrid } from "../compare/run-grid.ts";
import { readJsonFile } from "../config-file.ts";
import { inputError } from "../input-error.ts";
import type { Command, Io } from "../io.ts";
import { type Options, type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { outputOf } from "../output-option.ts";
import { readRuns } from "../read-runs.ts";
import { writeWhole } from "../write-whole.ts";

const table: OptionTable = {
  grid: { value: "FILE", help: "run what is left of the grid in this JSON file, then compare" },
  output: {
    value: "PATH",
    help: "folder of a grid's runs (default runs/grid); else where the report goes (default: none)",
  },
  baseline: {
    value: "NAME",
    help: "run or group to take differences to (default: the first of method random)",
  },
  title: { value: "TEXT", help: "heading of the report (default: Comparison)" },
  jobs: {
    value: "N",
    kind: "integer",
    help: "runs of the grid that go on side by side (default 1): more memory, the same results",
  },
  "dry-run": { help: "say which runs of the grid are finished and which are left, and do nothing" },
  ...commonOptions,
};

/** `colm compare` */
export const compareCommand: Command = {
  help: `colm compare: runs side by side, or a whole grid of runs

  colm compare RUN... [--baseline NAME] [--output report.html]
  colm compare --grid FILE.json [--output DIR]

A RUN is a run's folder, a folder of runs, or a run.json. Runs that differ in nothing but the seed are one line, with
mean and standard deviation. Differences to the baseline are taken seed by seed.

A grid file holds settings of colm train, and what is to be varied:
  {
    "train": { "model": "llama", "data": "train.jsonl", "validation": "held-out.jsonl", "max_steps": 200 },
    "methods": ["colm", "keep-random", "random", "random-pool"],
    "sizes": [{ "pool": 128, "budget": 64 }, { "pool": 128, "budget": 32 }],
    "seeds": [1, 2, 3],
    "baseline": "random 64 of 128"
  }
Methods and sizes may be settings with a name: { "name": "fast", "method": "colm", "learning_rate": 0.001 }.
random-pool trains on the whole pool. Every run has a folder under DIR, and a process of its own. The same command
again goes on where it was stopped: finished runs are passed over, those with a checkpoint go on from it, failed ones
are tried again. A run that fails leaves the others alone; it is listed, and the exit code is 1. With --jobs 2 two
runs share the machine: worth it where a run leaves cores or waits idle, but seconds are then those of a shared machine.

${optionHelp(table)}

Examples:
  colm compare runs/colm-64-of-128 runs/random-64-of-128
  colm compare runs --baseline random-64-of-128 --output comparison.html --json
  colm compare --grid grid.json --output runs/methods --dry-run
  colm compare --grid grid.json --jobs 2
`,
  async run(argv, io) {
    const options = parseOptions(argv, table, true);
    const grid = options.text("grid");
    if (grid !== undefined) return compareGrid(grid, options, io);
    if (options.flag("dry-run")) throw inputError("--dry-run must go with --grid");
    if (options.text("jobs") !== undefined) throw inputError("--jobs must go with --grid");
    if (options.positionals.length === 0) throw inputError("either RUN... or --grid FILE must be given");
    const output = outputOf(options);
    const records = (await readRuns(options.positionals)).map(({ record }) => record);
    const baseline = options.text("baseline");
    const { groups, reference, equivalents: same, text } = compareRecords(records, baseline);
    if (output !== undefined) await writeReport(output, records, reference, options);
    const value = { groups, baseline: reference ?? null, equivalents: same, report: output ?? null };
    writeResult(options, io, value, output === undefined ? text : `${text}\n\n${output}`);
    return 0;
  },
};

async function compareGrid(path: string, options: Options, io: Io): Promise<number> {
  if (options.positionals.length > 0) throw inputError("RUN must not be given with --grid");
  const jobs = options.number("jobs") ?? 1;
  if (!Number.isInteger(jobs) || jobs < 1) {
    throw inputError(`--jobs must be an integer of at least 1, got ${options.text("jobs")}`);
  }
  const grid = parseGrid(path, await readJsonFile("--grid", path));
  const where = options.text("baseline") === undefined ? `${path}: "baseline"` : "--baseline";
  const baseline = options.text("baseline") ?? grid.baseline;
  requireBaseline(where, baseline, grid);
  const folder = outputOf(options) ?? join("runs", "grid");
  const page = join(folder, "report.html");
  const progress = progressOf(options, io);
  const dry = options.flag("dry-run");
  const outcomes = await runGrid(grid, {
    folder,
    io,
    progress,
    dry,
    jobs,
    onDone: async (done) => {
      const records = await recordsOf(done);
      // a baseline that is still to come is none yet
      await writeReport(page, records, undefined, options);
    },
  });
  const records = await recordsOf(outcomes);
  const runs = outcomes.map(({ name, folder: place, state, error }) => ({
    name,
    folder: place,
    state,
    ...(error && { error }),
  }));
  const failed = outcomes.filter(({ state }) => state === "failed");
  const left = outcomes.filter(({ state }) => state === "stopped" || state === "waiting");
  const lines = [
    ...failed.map(({ name, error }) => `failed: ${name}: ${error}`),
    ...(left.length > 0 ? [`left: ${left.map(({ name }) => name).join(", ")}`] : []),
  ];
  if (records.length === 0) {
    writeResult(options, io, { groups: [], baseline: null, report: null, runs }, lines.join("\n"));
  } else {
    const isWhole = left.length === 0 && failed.length === 0;
    const { groups, reference, equivalents: same, text } = compareRecords(records, baseline, isWhole);
    if (!dry) await writeReport(page, records, reference, options);
    const report = dry ? null : page;
    writeResult(
      options,
      io,
      { groups, baseline: reference ?? null, equivalents: same, report, runs },
      [text, "", ...lines, ...(report ? [report] : [])].join("\n"),
    );
  }
  if (failed.length > 0) return 1;
  return io.signal.aborted ? 130 : 0;
}

async function recordsOf(outcomes: readonly GridOutcome[]): Promise<RunRecord[]> {
  const folders = outcomes.filter(({ state }) => state === "done" || state === "finished");
  if (folders.length === 0) return [];
  return (await readRuns(folders.map(({ folder }) => folder))).map(({ record }) => record);
}

async function writeReport(
  path: string,
  records: readonly RunRecord[],
  baseline: string | undefined,
  options: Options,
): Promise<void> {
  const title = options.text("title") ?? "Comparison";
  await writeWhole(path, renderReport(records, { title, baseline }));
}

interface Compared {
  readonly groups: readonly GroupComparison[];
  readonly reference: string | undefined;
  /** The random batches that do as well as a selection. */
  readonly equivalents: readonly Equivalent[];
  readonly text: string;
}

/** The groups and their table; differences to the baseline, which by default is the first group of random batches. */
function compareRecords(
  records: readonly RunRecord[],
  baseline: string | undefined,
  isWhole = true,
): Compared {
  const labels = compareGroups(records);
  const known = (name: string): boolean =>
    labels.some(({ label, runs }) => label === name || runs.includes(name));
  if (baseline !== undefined && !known(baseline) && isWhole) {
    const names = labels.map(({ label }) => JSON.stringify(label)).join(", ");
    throw inputError(`--baseline must be one of ${names} or the name of a run, got "${baseline}"`);
  }
  const named = baseline !== undefined && known(baseline) ? baseline : undefined;
  const reference =
    baseline === undefined && labels.length > 1
      ? labels.find(({ method }) => method === "random")?.label
      : named;
  const groups = compareGroups(records, { baseline: reference });
  const label = labels.find(
    ({ label: own, runs }) => own === reference || runs.includes(reference ?? ""),
  )?.label;
  const same = equivalents(records, groups);
  const text = [groupTable(groups, label), ...(same.length > 0 ? ["", ...equivalentLines(same)] : [])].join(
    "\n",
  );
  return { groups, reference: label, equivalents: same, text };
}
