import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type CausalLM,
  encodeSafetensors,
  folder,
  readSafetensors,
  saveAdapter,
  saveModel,
} from "@colm/lm-tfjs";
import type { AdamWState, NamedArrays } from "./adamw.ts";
import { writeFolder } from "./atomic-folder.ts";
import { requireSameNames } from "./check-options.ts";
import { parseSelectorState, parseTrainerState, requireIdentity } from "./parse-checkpoint.ts";
import { parsePlain, stringifyPlain } from "./plain-json.ts";
import type { RunIdentity, RunState } from "./run-state.ts";

const OPTIMIZER = "optimizer.safetensors";
const SELECTOR = "selector.json";
const TRAINER = "trainer_state.json";

/** Whether the trainable parameters are those of an adapter: PEFT's names begin so. */
function isAdapter(parameters: NamedArrays): boolean {
  return [...parameters.keys()].every((name) => name.startsWith("base_model."));
}

/**
 * Writes `outputDir/checkpoint-N`: the adapter (or the whole model), the optimizer's moments, the selector's
 * history and the position in the data.
 *
 * @param outputDir - Made with its parents where it is missing.
 * @param model - Holds the values of `state.parameters`.
 * @param state - What the run goes on from.
 * @param identity - What must be the same when it does.
 * @returns The checkpoint's path; it stands complete or not at all.
 * @throws {Error} If the folder cannot be written.
 */
export async function writeCheckpoint(
  outputDir: string,
  model: CausalLM,
  state: RunState,
  identity: RunIdentity,
): Promise<string> {
  const path = join(outputDir, `checkpoint-${state.step}`);
  const { step, m, v } = state.optimizer;
  const moments = [...named("m", m), ...named("v", v)];
  const trainer = { global_step: state.step, max_steps: identity.maxSteps, colm: identity };
  await writeFolder(path, async (temporary) => {
    if (isAdapter(state.parameters)) await saveAdapter(model, temporary);
    else await saveModel(model, temporary);
    const pieces = encodeSafetensors(new Map(moments), { format: "pt", step: String(step) });
    await writeFile(join(temporary, OPTIMIZER), pieces);
    await writeFile(join(temporary, SELECTOR), `${stringifyPlain(state.selector)}\n`);
    await writeFile(join(temporary, TRAINER), `${JSON.stringify(trainer, null, 1)}\n`);
  });
  return path;
}

/**
 * Reads a checkpoint that `writeCheckpoint` wrote.
 *
 * @param path - The folder.
 * @param parameters - The trainable parameters, whose names and sizes the checkpoint must have.
 * @param identity - The settings of the run that goes on.
 * @returns The state, its arrays fresh.
 * @throws {RangeError} If a file is missing or broken, the parameters differ, or a setting is not the same.
 */
export async function readCheckpoint(
  path: string,
  parameters: NamedArrays,
  identity: RunIdentity,
): Promise<RunState> {
  const { step, identity: written } = parseTrainerState(await readJson(path, TRAINER));
  requireIdentity(path, written, identity);
  const files = folder(path);
  const weights = await readSafetensors(
    files,
    isAdapter(parameters) ? "adapter_model.safetensors" : "model.safetensors",
  );
  const moments = await readSafetensors(files, OPTIMIZER);
  const lengths = new Map([...parameters].map(([name, values]) => [name, values.length]));
  const take = (label: string, prefix: string, from: typeof weights): Map<string, Float32Array> => {
    const found = [...from].filter(([name]) => name.startsWith(prefix));
    const arrays = new Map(found.map(([name, { data }]) => [name.slice(prefix.length), data]));
    requireSameNames("train", `resumeFromCheckpoint: ${label}`, lengths, arrays);
    return arrays;
  };
  const optimizer: AdamWState = {
    step,
    m: Object.fromEntries(take(OPTIMIZER, "m.", moments)),
    v: Object.fromEntries(take(OPTIMIZER, "v.", moments)),
  };
  const selector = parseSelectorState(path, parsePlain(await readText(path, SELECTOR)));
  return { step, parameters: take("weights", "", weights), optimizer, selector };
}

function named(
  prefix: string,
  arrays: Readonly<Record<string, Float32Array>>,
): [string, { shape: number[]; data: Float32Array }][] {
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
