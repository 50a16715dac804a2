import { existsSync } from "node:fs";
import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { inputError } from "./input-error.ts";

/** The first of `base`, `base-2`, `base-3`, … that does not exist. */
export function freeFolder(base: string): string {
  if (!existsSync(base)) return base;
  let number = 2;
  while (existsSync(`${base}-${number}`)) number++;
  return `${base}-${number}`;
}

/** The latest checkpoint of a run. */
export async function latestCheckpoint(
  path: string,
): Promise<{ readonly path: string; readonly step: number }> {
  const names = await readdir(path).catch(() => {
    throw inputError(`--resume must be the folder of a run, got no folder at ${path}`);
  });
  const steps = names.flatMap((name) => {
    const number = /^checkpoint-(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
  if (steps.length === 0) throw inputError(`--resume must be a run with a checkpoint, got none in ${path}`);
  const step = Math.max(...steps);
  return { path: join(path, `checkpoint-${step}`), step };
}

/** Writes a file all or nothing: beside its place first, to disk, then renamed. */
export async function writeWhole(path: string, text: string): Promise<void> {
  const partial = `${path}.partial`;
  await mkdir(dirname(path), { recursive: true });
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Refuses a path at which something is already. */
export async function requireFree(option: string, path: string): Promise<void> {
  if (existsSync(path)) throw inputError(`${option} must be a path where nothing is yet, got ${path}`);
}
