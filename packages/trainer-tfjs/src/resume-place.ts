import type { NamedArrays } from "./optimizer.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { RunState } from "./run-state.ts";

/**
 * The checkpoint that a run goes on from, undefined where it begins anew.
 *
 * @throws {RangeError} If `outputDir` holds checkpoints of another run, among which those of this one would be lost, or none to go on from.
 */
export async function checkpointOf({
  resumeFromCheckpoint: from,
  outputDir,
}: ResolvedOptions): Promise<string | undefined> {
  if (outputDir === undefined) return from === true ? undefined : from;
  const { lastCheckpoint } = await import("./checkpoint.ts");
  const last = await lastCheckpoint(outputDir);
  if (from === true) {
    if (last) return last.path;
    throw new RangeError(
      `train: "resumeFromCheckpoint" must be left out where "outputDir" holds no checkpoint, got true and none in ${outputDir}`,
    );
  }
  if (last && !(from !== undefined && (await isIn(from, outputDir)))) {
    throw new RangeError(
      `train: "outputDir" must hold no checkpoint of another run, got ${last.path}: take another folder, or go on from it with resumeFromCheckpoint`,
    );
  }
  return from;
}

/**
 * The weights of the best evaluation of the run that goes on, from the folder of `from`, or `outputDir`.
 *
 * @returns Undefined where they are not wanted, or there was no evaluation.
 * @throws {RangeError} If they are in neither.
 */
export async function bestBefore(
  from: string,
  { progress, step, parameters }: RunState,
  { loadBestModelAtEnd, outputDir }: ResolvedOptions,
): Promise<NamedArrays | undefined> {
  const { best } = progress;
  if (loadBestModelAtEnd !== true || best === null) return undefined;
  if (best.step === step) return parameters;
  const { readWeights } = await import("./checkpoint.ts");
  const { dirname, join, resolve } = await import("node:path");
  const { stat } = await import("node:fs/promises");
  const parents = [dirname(resolve(from)), ...(outputDir === undefined ? [] : [outputDir])];
  for (const parent of parents) {
    const path = join(parent, `checkpoint-${best.step}`);
    const stands = await stat(path).then(
      () => true,
      () => false,
    );
    if (stands) return readWeights(path, parameters);
  }
  throw new RangeError(
    `train: "resumeFromCheckpoint" must lie beside checkpoint-${best.step}, the best so far, where "loadBestModelAtEnd" is set, got none in ${parents.join(" or ")}`,
  );
}

async function isIn(path: string, folder: string): Promise<boolean> {
  const { realpath } = await import("node:fs/promises");
  const { dirname, resolve } = await import("node:path");
  const real = (at: string): Promise<string> => realpath(at).catch(() => at);
  return (await real(dirname(resolve(path)))) === (await real(resolve(folder)));
}
