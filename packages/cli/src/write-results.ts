import { join } from "node:path";
import { type CausalLM, saveAdapter, saveModel } from "@colm/lm-tfjs";
import { type RunRecord, renderReport } from "@colm/report";
import { writeWhole } from "./run-folder.ts";

/** Writes `run.json` and `report.html` into a run's folder. */
export async function writeReport(folder: string, record: RunRecord): Promise<void> {
  await writeWhole(join(folder, "run.json"), `${JSON.stringify(record)}\n`);
  await writeWhole(join(folder, "report.html"), renderReport([record], { title: record.name }));
}

/** Writes what was trained, `adapter/` (PEFT) or `model/` (every weight), and returns its path. */
export async function writeWeights(folder: string, model: CausalLM): Promise<string> {
  const path = join(folder, model.lora ? "adapter" : "model");
  await (model.lora ? saveAdapter(model, path) : saveModel(model, path));
  return path;
}
