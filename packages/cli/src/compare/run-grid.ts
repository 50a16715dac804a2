import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { absoluteArguments, savedArguments } from "../saved-arguments.ts";
import type { Grid, GridRun } from "./grid.ts";

/** What became of a run of a grid. */
export interface GridOutcome {
  readonly name: string;
  readonly folder: string;
  /** `finished` before or `done` now; `failed`; `stopped` by the signal; `waiting`: not begun. */
  readonly state: "finished" | "done" | "failed" | "stopped" | "waiting";
  /** Why it failed. */
  readonly error?: string;
}

/** How {@link runGrid} runs. */
export interface GridRunOptions {
  /** Where each run has a folder. */
  readonly folder: string;
  readonly io: Io;
  readonly progress: Progress;
  /** Say what would be done, and do nothing. */
  readonly dry: boolean;
  /** Called when a run is done. */
  readonly onDone: (outcomes: readonly GridOutcome[]) => Promise<void>;
}

/**
 * Runs what is left of a grid, one run after the other. A run that is finished is passed over, one that has a checkpoint goes on from it,
 * and one that fails leaves the others alone.
 *
 * @returns The outcome of every run, in the grid's order.
 */
export async function runGrid({ runs }: Grid, options: GridRunOptions): Promise<GridOutcome[]> {
  const { folder, io, progress, dry, onDone } = options;
  const outcomes: GridOutcome[] = [];
  for (const [i, run] of runs.entries()) {
    const path = join(folder, run.name);
    const say = (text: string): void => progress.note(`[${i + 1}/${runs.length}] ${run.name}: ${text}`);
    const found = await stateOf(path, run);
    if ("error" in found || found.state === "finished") {
      say("error" in found ? `failed: ${found.error}` : "finished before");
      outcomes.push({ name: run.name, folder: path, ...found });
    } else if (dry || io.signal.aborted) {
      if (dry) say(found.resume ? "to go on from its checkpoint" : "to run");
      outcomes.push({ name: run.name, folder: path, state: "waiting" });
    } else {
      say(found.resume ? "goes on from its checkpoint" : "begins");
      const outcome = await runOne(run, path, found.resume, options);
      outcomes.push(outcome);
      if (outcome.state === "failed") say(`failed: ${outcome.error}`);
      if (outcome.state === "done") await onDone(outcomes);
    }
  }
  return outcomes;
}

type Found =
  | { readonly state: "finished" }
  | { readonly state: "failed"; readonly error: string }
  | { readonly state: "waiting"; readonly resume: boolean };

/** Whether a run is finished, can go on, or is another one of the same name. */
async function stateOf(path: string, run: GridRun): Promise<Found> {
  if (!existsSync(join(path, "arguments.json"))) {
    // what is there without arguments is no run of this program
    return existsSync(path)
      ? { state: "failed", error: `${path} is there already and is no run` }
      : { state: "waiting", resume: false };
  }
  const isSame = isEqual(await savedArguments(path), absoluteArguments(argumentsOf(run, path)));
  if (!isSame) {
    return {
      state: "failed",
      error: `${path} was run with other settings: move it away, or use another folder`,
    };
  }
  // the weights are written last of all
  const isFinished = ["adapter", "model"].some((name) => existsSync(join(path, name)));
  if (isFinished) return { state: "finished" };
  const names = await readdir(path);
  return { state: "waiting", resume: names.some((name) => name.startsWith("checkpoint-")) };
}

/** Whether two lists of arguments say the same, wherever the run's folder is. */
function isEqual(a: readonly string[], b: readonly string[]): boolean {
  const settings = (argv: readonly string[]): string =>
    JSON.stringify(argv.filter((argument) => !argument.startsWith("--output=")));
  return settings(a) === settings(b);
}

function argumentsOf({ argv }: GridRun, path: string): string[] {
  const [, ...options] = argv;
  return [...options, `--output=${path}`];
}

async function runOne(
  run: GridRun,
  path: string,
  resume: boolean,
  { io, progress }: GridRunOptions,
): Promise<GridOutcome> {
  const { again, signal } = io;
  if (again === undefined) throw new TypeError("runGrid: io.again must be there");
  const argv = resume ? ["train", "--resume", path] : ["train", ...argumentsOf(run, path)];
  const { code, stderr } = await again(argv, (line) => {
    if (line.startsWith("step ")) progress.show(`${run.name}: ${line}`, false);
  });
  progress.done();
  const outcome = { name: run.name, folder: path };
  if (code === 0) return { ...outcome, state: "done" };
  if (signal.aborted) return { ...outcome, state: "stopped" };
  const said = stderr.trimEnd().split("\n").at(-1) ?? "";
  const error =
    said.replace(/^colm train: /, "") || `the run ended with ${code === null ? "a signal" : `code ${code}`}`;
  return { ...outcome, state: "failed", error };
}
