import { join } from "node:path";
import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { type RunRecord, renderReport } from "@colm/report";
import {
  type Evaluation,
  evaluate,
  evaluateExactMatch,
  type TrainOptions,
  train,
  trainingSources,
} from "@colm/trainer-tfjs";
import { comparisonTable } from "./comparison-table.ts";
import { followRun } from "./follow-run.ts";
import type { Io } from "./io.ts";
import { type Progress, progressLine } from "./progress.ts";
import { recordRun } from "./record-run.ts";
import { runHeader } from "./run-header.ts";
import { writeReport, writeWeights } from "./write-results.ts";
import { writeWhole } from "./write-whole.ts";

/** One run of a comparison: what differs from the others. */
export interface ComparedRun {
  /** What tables, legends and its folder are called after. */
  readonly name: string;
  readonly method: NonNullable<TrainOptions["method"]>;
  readonly pool: number;
  readonly budget: number;
}

/** What all runs of a comparison share. */
export interface Comparison {
  /** Opens the model afresh, so that every run starts from the same weights. */
  readonly openModel: () => Promise<CausalLM>;
  readonly trainDataset: readonly Example[];
  readonly evalDataset: readonly Example[];
  /** Settings of every run; seed included, so all see the same pools in the same order. */
  readonly settings: Omit<TrainOptions, "model" | "trainDataset" | "evalDataset" | "outputDir" | "signal">;
  readonly runs: readonly ComparedRun[];
  /** Where `report.html` and a folder for each run are written. */
  readonly folder: string;
  readonly backend: string;
  /** Heading and paragraph of the report. */
  readonly title: string;
  readonly summary: string;
}

/** Held-out means of a model: of losses, and of exact matches. */
interface HeldOut {
  readonly losses: Evaluation;
  readonly matches: Evaluation;
}

/**
 * Trains the same model on the same data once per run, one after the other, and shows what each gained.
 *
 * @param comparison - Model, data, settings and runs; nothing is modified.
 * @param io - Where progress and the table go, the clock, and what stops it.
 * @returns The records of the runs in order; fewer than asked for when the signal stopped one.
 * @throws What the trainer throws; what earlier runs wrote stays.
 * @remarks Each run's adapter, checkpoint and record are written when it ends, the report after every run.
 */
export async function compareRuns(comparison: Comparison, io: Io): Promise<RunRecord[]> {
  const { runs, folder, trainDataset, settings, title, summary } = comparison;
  const progress = progressLine(io.stdout);
  const { names, small } = await trainingSources(trainDataset, settings.smallSources);
  const smallSources = names.filter((_, s) => small[s]);
  const before = await measureBase(comparison, smallSources, io);
  const records: RunRecord[] = [];
  for (const [i, run] of runs.entries()) {
    if (io.signal.aborted) break;
    progress.note(`\n[${i + 1}/${runs.length}] ${run.name}`);
    const record = await compareRun(comparison, run, smallSources, before, progress, io);
    if (record === undefined) break;
    records.push(record);
    await writeWhole(join(folder, "report.html"), renderReport(records, { title, summary }));
  }
  if (records.length > 0) progress.note(`\n${comparisonTable(records)}`);
  return records;
}

async function measureBase(comparison: Comparison, smallSources: string[], io: Io): Promise<HeldOut> {
  const model = await comparison.openModel();
  try {
    return await measure(model, comparison, smallSources, io);
  } finally {
    model.dispose();
  }
}

async function measure(
  model: CausalLM,
  { evalDataset, settings }: Comparison,
  smallSources: string[],
  { signal }: Io,
): Promise<HeldOut> {
  const options = { batchSize: settings.perDeviceEvalBatchSize ?? 16, smallSources, signal };
  const losses = await evaluate(model, evalDataset, options);
  return { losses, matches: await evaluateExactMatch(model, evalDataset, options) };
}

/** One run to its end; undefined, with a word about its checkpoint, when it was stopped. */
async function compareRun(
  comparison: Comparison,
  compared: ComparedRun,
  smallSources: string[],
  before: HeldOut,
  progress: Progress,
  io: Io,
): Promise<RunRecord | undefined> {
  const { trainDataset, evalDataset, settings, backend } = comparison;
  const { name, ...choice } = compared;
  const folder = join(comparison.folder, name.replaceAll(" ", "-"));
  const model = await comparison.openModel();
  try {
    const run = train({
      ...settings,
      ...choice,
      model,
      trainDataset,
      evalDataset,
      outputDir: folder,
      signal: io.signal,
      now: io.now,
    });
    const facts = { name, smallSources: settings.smallSources, backend, environment: io.environment };
    const header = await runHeader(run, trainDataset, facts);
    const recorder = recordRun(header, trainDataset, undefined, (settings.workers ?? 0) === 0);
    recorder.evaluation(0, before.losses, before.matches);
    const checkpoint = await followRun(run, {
      progress,
      recorder,
      now: io.now,
      matches: async () => (await measure(model, comparison, smallSources, io)).matches,
      onStart: async () => {},
      onCheckpoint: async () => writeReport(folder, recorder.record()),
    });
    const { reason } = await run.result;
    if (reason !== "finished") {
      progress.note(`stopped: ${checkpoint} is whole`);
      return undefined;
    }
    await writeWeights(folder, model);
    return recorder.record();
  } finally {
    model.dispose();
  }
}
