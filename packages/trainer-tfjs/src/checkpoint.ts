import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Example, ListOf } from "@colm/data";
import {
  type CausalLM,
  encodeSafetensors,
  folder,
  type NamedArray,
  readSafetensors,
  saveAdapter,
  saveModel,
} from "@colm/lm-tfjs";
import { entriesOf, recoverFolders, writeFolder } from "./atomic-folder.ts";
import { requireSameNames } from "./check-options.ts";
import { examplesDigest, requireSameExamples } from "./checkpoint-examples.ts";
import { hashFiles, requireHashes } from "./file-hashes.ts";
import type { Moments, NamedArrays, OptimizerState } from "./optimizer.ts";
import { parseClusters, parseSelectorState } from "./parse-checkpoint.ts";
import { parsePlain, stringifyPlain } from "./plain-json.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { RunIdentity, RunState } from "./run-state.ts";
import { parseTrainerState, requireIdentity, trainerStateFields } from "./trainer-state.ts";

const OPTIMIZER = "optimizer.safetensors";
const SELECTOR = "selector.json";
const CLUSTERS = "clusters.json";
const TRAINER = "trainer_state.json";
const NAME = /^checkpoint-(\d+)$/;

/** Whether the trainable parameters are those of an adapter: PEFT's names begin so. */
function isAdapter(parameters: NamedArrays): boolean {
  return [...parameters.keys()].every((name) => name.startsWith("base_model."));
}

/** What a checkpoint is written from. */
export interface CheckpointContents {
  /** Holds the values of `state.parameters`. */
  readonly model: CausalLM;
  /** What the run goes on from. */
  readonly state: RunState;
  /** What must be the same when it does. */
  readonly identity: RunIdentity;
  readonly options: ResolvedOptions;
}

/**
 * Writes `outputDir/checkpoint-N`: the adapter (or the whole model), the optimizer's moments, the selector's
 * history, the position in the data, and how the run has gone so far.
 *
 * @param outputDir - Made with its parents where it is missing.
 * @returns The checkpoint's path; it stands complete or not at all.
 * @throws {Error} If the folder cannot be written: which, and why.
 */
export async function writeCheckpoint(outputDir: string, contents: CheckpointContents): Promise<string> {
  const { model, state, identity, options } = contents;
  const path = join(outputDir, `checkpoint-${state.step}`);
  const { step, m = {}, v = {} } = state.optimizer;
  const moments = new Map([...named("m", m), ...named("v", v)]);
  await writeFolder(path, async (temporary) => {
    if (isAdapter(state.parameters)) await saveAdapter(model, temporary);
    else await saveModel(model, temporary);
    const pieces = encodeSafetensors(moments, { format: "pt", step: String(step) });
    await writeFile(join(temporary, OPTIMIZER), pieces);
    await writeFile(join(temporary, SELECTOR), `${stringifyPlain(state.selector)}\n`);
    if (state.clusters) await writeFile(join(temporary, CLUSTERS), `${stringifyPlain(state.clusters)}\n`);
    const held = { ...identity, trainDataset: await examplesDigest(options.trainDataset) };
    const fields = trainerStateFields(state, held, await hashFiles(temporary), options);
    await writeFile(join(temporary, TRAINER), `${JSON.stringify(fields, null, 1)}\n`);
  });
  return path;
}

/**
 * Reads a checkpoint that `writeCheckpoint` wrote.
 *
 * @param path - The folder.
 * @param parameters - The trainable parameters, whose names and sizes the checkpoint must have.
 * @param optimizer - A state of the optimizer that goes on: it says which moments there must be.
 * @param identity - The settings of the run that goes on; `examples`: its training set.
 * @returns The state, its arrays fresh.
 * @throws {RangeError} If a file is missing, broken or not the one that was written, the parameters differ, or a setting or
 * the training set is not the same.
 */
export async function readCheckpoint(
  path: string,
  parameters: NamedArrays,
  optimizer: OptimizerState,
  identity: RunIdentity,
  examples: ListOf<Example>,
): Promise<RunState> {
  const {
    step,
    identity: written,
    files: hashes,
    progress,
    due,
  } = parseTrainerState(await readJson(path, TRAINER));
  requireIdentity(path, written, identity);
  await requireSameExamples(path, new Map(Object.entries(written)).get("trainDataset"), examples);
  await requireHashes(path, hashes);
  const moments = await readSafetensors(folder(path), OPTIMIZER);
  const momentsOf = (name: "m" | "v"): Moments =>
    Object.fromEntries(arraysOf(OPTIMIZER, `${name}.`, moments, parameters));
  const selector = parseSelectorState(path, parsePlain(await readText(path, SELECTOR)));
  const clustered = Object.hasOwn(hashes, CLUSTERS);
  return {
    step,
    parameters: await readWeights(path, parameters),
    optimizer: {
      step,
      ...(optimizer.m && { m: momentsOf("m") }),
      ...(optimizer.v && { v: momentsOf("v") }),
    },
    selector,
    progress,
    due,
    ...(clustered && {
      clusters: parseClusters(path, parsePlain(await readText(path, CLUSTERS)), identity.examples),
    }),
  };
}

/** The weights of a checkpoint, fresh. @throws {RangeError} If they are not those of `parameters` by name and size. */
export async function readWeights(path: string, parameters: NamedArrays): Promise<Map<string, Float32Array>> {
  const file = isAdapter(parameters) ? "adapter_model.safetensors" : "model.safetensors";
  return arraysOf("weights", "", await readSafetensors(folder(path), file), parameters);
}

function arraysOf(
  label: string,
  prefix: string,
  from: ReadonlyMap<string, NamedArray>,
  parameters: NamedArrays,
): Map<string, Float32Array> {
  const lengths = new Map([...parameters].map(([name, values]) => [name, values.length]));
  const found = [...from].filter(([name]) => name.startsWith(prefix));
  const arrays = new Map(found.map(([name, { data }]) => [name.slice(prefix.length), data]));
  requireSameNames("train", `resumeFromCheckpoint: ${label}`, lengths, arrays);
  return arrays;
}

/**
 * The newest whole checkpoint of a run's folder.
 *
 * @param outputDir - The run's folder; one that is missing has none.
 * @returns Path and step, or undefined where there is none.
 * @remarks Puts the folder in order first, should a process have been killed while it wrote there.
 */
export async function lastCheckpoint(
  outputDir: string,
): Promise<{ readonly path: string; readonly step: number } | undefined> {
  await recoverFolders(outputDir, NAME);
  const step = (await checkpointSteps(outputDir)).at(-1);
  return step === undefined ? undefined : { path: join(outputDir, `checkpoint-${step}`), step };
}

/**
 * Removes the oldest checkpoints up to that of `newest` but for `limit` of them; `spared` stays and counts as one. Later ones are those
 * of a run that was gone back on, and are replaced when this one gets there.
 */
export async function limitCheckpoints(
  outputDir: string,
  limit: number,
  { newest, spared }: { readonly newest: number; readonly spared: number | undefined },
): Promise<void> {
  const steps = (await checkpointSteps(outputDir)).filter((step) => step <= newest);
  const others = steps.filter((step) => step !== spared);
  const room = Math.max(1, limit - (steps.length - others.length));
  for (const step of others.slice(0, Math.max(0, others.length - room))) {
    await rm(join(outputDir, `checkpoint-${step}`), { recursive: true, force: true });
  }
}

async function checkpointSteps(outputDir: string): Promise<number[]> {
  const names = await entriesOf(outputDir);
  const steps = names.flatMap((name) => NAME.exec(name)?.[1] ?? []);
  return steps.map(Number).sort((a, b) => a - b);
}

function named(prefix: string, arrays: Moments): [string, { shape: number[]; data: Float32Array }][] {
  return Object.entries(arrays).map(([name, data]) => [`${prefix}.${name}`, { shape: [data.length], data }]);
}

async function readText(path: string, name: string): Promise<string> {
  try {
    return await readFile(join(path, name), "utf8");
  } catch (cause) {
    throw new RangeError(
      `train: "resumeFromCheckpoint" must be a checkpoint folder, got none of ${name} in ${path}`,
      { cause },
    );
  }
}

async function readJson(path: string, name: string): Promise<unknown> {
  const text = await readText(path, name);
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RangeError(
      `train: "resumeFromCheckpoint" must be a whole checkpoint, got no JSON in ${join(path, name)}`,
      { cause },
    );
  }
}
