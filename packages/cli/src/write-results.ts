import { rename, rm } from "node:fs/promises";
import { join, resolve } from "node:path";
import { type CausalLM, saveAdapter, saveModel } from "@colm/lm-tfjs";
import { type RunRecord, renderReport } from "@colm/report";
import { controlsBeside } from "./beside-controls.ts";
import { distinct } from "./read-runs.ts";
import { writeWhole } from "./write-whole.ts";

/** Writes `run.json` and `report.html` into a run's folder; the latter with the controls that lie beside it where that is asked for. */
export async function writeReport(
  folder: string,
  record: RunRecord,
  { withControls = false }: { readonly withControls?: boolean } = {},
): Promise<void> {
  await writeWhole(join(folder, "run.json"), `${JSON.stringify(record)}\n`);
  const own = { folder: resolve(folder), record };
  const runs = withControls ? distinct([own, ...(await controlsBeside([own]))]) : [own];
  const page = renderReport(
    runs.map((run) => run.record),
    { title: record.name },
  );
  await writeWhole(join(folder, "report.html"), page);
}

/**
 * Writes what was trained, `adapter/` (PEFT) or `model/` (every weight), and returns its path. The folder stands there whole or not at
 * all: that it does is what says that a run is finished.
 */
export async function writeWeights(folder: string, model: CausalLM): Promise<string> {
  const path = join(folder, model.lora ? "adapter" : "model");
  const partial = `${path}.partial`;
  await rm(partial, { recursive: true, force: true });
  try {
    await (model.lora ? saveAdapter(model, partial) : saveModel(model, partial));
    await rm(path, { recursive: true, force: true });
    await rename(partial, path);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
  return path;
}
