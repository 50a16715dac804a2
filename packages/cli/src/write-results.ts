import { join, resolve } from "node:path";
import { type CausalLM, saveAdapter, saveModel } from "@colm/lm-tfjs";
import { type RunRecord, renderReport } from "@colm/report";
import { controlsBeside } from "./beside-controls.ts";
import { distinct } from "./read-runs.ts";
import { writeWhole } from "./run-folder.ts";

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

/** Writes what was trained, `adapter/` (PEFT) or `model/` (every weight), and returns its path. */
export async function writeWeights(folder: string, model: CausalLM): Promise<string> {
  const path = join(folder, model.lora ? "adapter" : "model");
  await (model.lora ? saveAdapter(model, path) : saveModel(model, path));
  return path;
}
