import { dirname, join, resolve, sep } from "node:path";
import { renderReport } from "@colm/report";
import { controlsBeside } from "../beside-controls.ts";
import { commonOptions, writeResult } from "../common-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { outputOf } from "../output-option.ts";
import { distinct, type FoundRun, readRuns } from "../read-runs.ts";
import { writeWhole } from "../write-whole.ts";

const table: OptionTable = {
  output: {
    value: "FILE",
    help: "where the page goes (default: report.html in the folder of the run or runs)",
  },
  title: { value: "TEXT", help: "its heading (default: the run's name, or Training runs)" },
  baseline: { value: "NAME", help: "run or group that all others are set against as well" },
  alone: { help: "without the controls that lie beside the runs" },
  ...commonOptions,
};

/** `colm report` */
export const reportCommand: Command = {
  help: `colm report: one HTML page of one or several runs

  colm report RUN... [options]

A RUN is a run's folder, a folder of runs, or a run.json. The page holds all that it shows: it opens without a network.
Controls with the same model, data and seed that lie beside a run (random batches of its budget and of its pool,
keep-random) stand in its report too. Runs that differ in nothing but the seed become one line, with its spread.

${optionHelp(table)}

Examples:
  colm report runs/colm-64-of-128
  colm report runs/colm-64-of-128 runs/random-64-of-128 --output both.html
  colm report runs --title "All runs" --baseline random-64-of-128
`,
  async run(argv, io) {
    const options = parseOptions(argv, table, true);
    if (options.positionals.length === 0) throw inputError("at least one RUN must be given");
    const asked = outputOf(options);
    const given = await readRuns(options.positionals);
    const beside = options.flag("alone") ? [] : await controlsBeside(given);
    const runs = distinct([...given, ...beside]);
    const records = runs.map(({ record }) => record);
    const output = asked ?? join(commonFolder(given), "report.html");
    const title = options.text("title") ?? (given.length === 1 ? given[0].record.name : "Training runs");
    const page = renderReport(records, { title, baseline: options.text("baseline") });
    await writeWhole(output, page);
    const names = records.map(({ name }) => name);
    const added = names.slice(given.length);
    const note = added.length === 0 ? "" : `with the controls beside: ${added.join(", ")}\n`;
    writeResult(options, io, { report: output, runs: names, controls: added }, `${note}${output}`);
    return 0;
  },
};

/** The innermost folder that holds all runs; a run's own where there is one. */
function commonFolder(runs: readonly FoundRun[]): string {
  const [first, ...others] = runs.map(({ folder }) => resolve(folder));
  let common = first;
  while (others.some((folder) => !`${folder}${sep}`.startsWith(`${common}${sep}`))) common = dirname(common);
  return common;
}
