import { existsSync } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
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
  const steps = await checkpointSteps(path).catch(() => {
    throw inputError(`--resume must be the folder of a run, got no folder at ${path}`);
  });
  if (steps.length === 0) throw inputError(`--resume must be a run with a checkpoint, got none in ${path}`);
  const step = Math.max(...steps);
  return { path: join(path, `checkpoint-${step}`), step };
}

/** The updates after which a run's folder has a checkpoint, in no order. */
export async function checkpointSteps(path: string): Promise<number[]> {
  const names = await readdir(path);
  return names.flatMap((name) => {
    const number = /^checkpoint-(\d+)$/.exec(name)?.[1];
    return number === undefined ? [] : [Number(number)];
  });
}

/** Refuses a path at which something is already. */
export async function requireFree(option: string, path: string): Promise<void> {
  if (existsSync(path)) throw inputError(`${option} must be a path where nothing is yet, got ${path}`);
}
