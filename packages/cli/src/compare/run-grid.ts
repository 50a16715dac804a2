import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import type { Io } from "../io.ts";
import type { Progress } from "../progress.ts";
import { absoluteArguments, isSameRun, SHARED, savedArguments } from "../saved-arguments.ts";
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
  /** Runs that go on side by side, each in a process of its own. */
  readonly jobs: number;
  /** Called when a run is done, with the outcomes so far in the grid's order; never while an earlier call is under way. */
  readonly onDone: (outcomes: readonly GridOutcome[]) => Promise<void>;
}

/**
 * Runs what is left of a grid, `jobs` runs at a time. A run that is finished is passed over, one that has a checkpoint goes on from it,
 * and one that fails leaves the others alone.
 *
 * @returns The outcome of every run, in the grid's order.
 */
export async function runGrid({ runs }: Grid, options: GridRunOptions): Promise<GridOutcome[]> {
  const { folder, progress, jobs, dry, onDone } = options;
  const outcomes = new Map<number, GridOutcome>();
  const inOrder = (): GridOutcome[] => runs.flatMap((_, i) => outcomes.get(i) ?? []);
  const left = runs.entries();
  let reported = Promise.resolve();
  const hand = async (): Promise<void> => {
    // every hand takes from the same runs
    for (const [i, run] of left) {
      const say = (text: string): void => progress.note(`[${i + 1}/${runs.length}] ${run.name}: ${text}`);
      const outcome = await outcomeOf(run, join(folder, run.name), say, options);
      outcomes.set(i, outcome);
      if (outcome.state === "failed") say(`failed: ${outcome.error}`);
      if (outcome.state !== "done") continue;
      reported = reported.then(() => onDone(inOrder()));
      // a failure is the grid's, told when the runs under way are over
      reported.catch(() => {});
    }
  };
  await Promise.all(Array.from({ length: dry ? 1 : jobs }, hand));
  await reported;
  return inOrder();
}

/** What becomes of one run. */
async function outcomeOf(
  run: GridRun,
  path: string,
  say: (text: string) => void,
  options: GridRunOptions,
): Promise<GridOutcome> {
  const { io, dry } = options;
  const outcome = { name: run.name, folder: path };
  try {
    const found = await stateOf(path, run);
    if ("error" in found) return { ...outcome, ...found };
    if (found.state === "finished") {
      say("finished before");
      return { ...outcome, ...found };
    }
    if (dry || io.signal.aborted) {
      if (dry) say(found.resume ? "to go on from its checkpoint" : "to run");
      return { ...outcome, state: "waiting" };
    }
    say(found.resume ? "goes on from its checkpoint" : "begins");
    return await runOne(run, path, found.resume, options);
  } catch (error) {
    return { ...outcome, state: "failed", error: error instanceof Error ? error.message : String(error) };
  }
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
  const isSame = isSameRun(await savedArguments(path), absoluteArguments(argumentsOf(run, path)));
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
  const argv = resume ? ["train", "--resume", path] : ["train", SHARED, ...argumentsOf(run, path)];
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
