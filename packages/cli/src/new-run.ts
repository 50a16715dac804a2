import { existsSync } from "node:fs";
import { rm, rmdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { inputError } from "./input-error.ts";
import { checkpointSteps } from "./run-folder.ts";
import { absoluteArguments, isSameRun, savedArguments } from "./saved-arguments.ts";

/** What a run writes before its first checkpoint. */
const BEGINNING = ["arguments.json", "events.jsonl"];
/** What it writes later, beside its checkpoints. */
const RESULTS = ["run.json", "report.html", "adapter", "model"];

/**
 * Refuses a folder for a new run that holds anything a run writes: two runs in one folder are none that `--resume` could go on with.
 *
 * @param folder - What `--output` names; undefined where the run names its folder itself.
 * @param argv - The arguments of the new run. The beginning of a run with the same ones, which ended before its first checkpoint, may be
 *   written over: there is nothing in it to go on with.
 * @throws {Error} With what to do instead. One line, for the user.
 */
export async function requireNewRun(folder: string | undefined, argv: readonly string[]): Promise<void> {
  if (folder === undefined) return;
  if (folder.trim() === "") throw inputError(`--output must be the name of a folder, got "${folder}"`);
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) return;
  if (!found.isDirectory()) throw inputError(`--output must be a folder, got a file at ${folder}`);
  const condition = "--output must be a folder without a run";
  if ((await checkpointSteps(folder)).length > 0) {
    throw inputError(
      `${condition}, got one in ${folder}: go on with colm train --resume ${folder}, or take another folder`,
    );
  }
  const there = [...RESULTS, ...BEGINNING].find((name) => existsSync(join(folder, name)));
  if (there === undefined || (BEGINNING.includes(there) && (await isBeginningOf(folder, argv)))) return;
  throw inputError(`${condition}, got ${join(folder, there)}: take another folder`);
}

/** Whether a folder holds the beginning of the run that these arguments make. */
async function isBeginningOf(folder: string, argv: readonly string[]): Promise<boolean> {
  const saved = await savedArguments(folder).catch(() => undefined);
  return saved !== undefined && isSameRun(saved, absoluteArguments(argv));
}

/** What a new run writes before its first checkpoint, as far as it was not there before. */
export interface Beginning {
  /** Takes it away again, and the folder when nothing else is in it. */
  discard(): Promise<void>;
}

/** Notes what is in a folder before a run begins there, so that a failed start takes away its own files alone. */
export function runBeginning(folder: string): Beginning {
  const made = BEGINNING.map((name) => join(folder, name)).filter((path) => !existsSync(path));
  const isOwn = !existsSync(folder);
  return {
    async discard() {
      for (const path of made) await rm(path, { force: true });
      // what is not empty holds files of others
      if (isOwn) await rmdir(folder).catch(() => {});
    },
  };
}
