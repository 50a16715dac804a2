import { basename, join, resolve } from "node:path";
import type { Example } from "@colm/data";
import type { Kernels } from "@colm/kernels";
import type { CausalLM } from "@colm/lm-tfjs";
import type { RunRecord } from "@colm/report";
import { evaluate, evaluateExactMatch, train } from "@colm/trainer-tfjs";
import { requireMetric } from "../best-metric.ts";
import { progressOf, writeResult } from "../common-options.ts";
import { expandConfig } from "../config-file.ts";
import { requireAgreement } from "../contradictions.ts";
import { dataSettings } from "../data-options.ts";
import { followRun } from "../follow-run.ts";
import { givenSettings } from "../given-settings.ts";
import type { Command, Io } from "../io.ts";
import { loadData, requiredFiles } from "../load-data.ts";
import { fitOptions } from "../memory/fit-options.ts";
import { requireNewRun, runBeginning } from "../new-run.ts";
import { type OpenModel, openModel } from "../open-model.ts";
import { type Options, parseOptions } from "../option-table.ts";
import { readRecord } from "../read-record.ts";
import { recordRun } from "../record-run.ts";
import { resumableError } from "../resumable-error.ts";
import { freeFolder, latestCheckpoint } from "../run-folder.ts";
import { runHeader } from "../run-header.ts";
import { runTable } from "../run-table.ts";
import { SHARED, saveArguments, savedArguments } from "../saved-arguments.ts";
import { selectionKernels } from "../selection-kernels.ts";
import { writeReport, writeWeights } from "../write-results.ts";
import { trainerSettings, trainHelp } from "./train-options.ts";
import { trainTable } from "./train-table.ts";

/** `colm train` */
export const trainCommand: Command = {
  help: trainHelp,
  async run(asked, io) {
    const given = asked.filter((argument) => argument !== SHARED);
    const resume = parseOptions(given, trainTable).text("resume");
    const expanded = await expandConfig(given, trainTable);
    const argv = resume === undefined ? expanded : [...(await savedArguments(resume)), ...expanded];
    const options = parseOptions(argv, trainTable);
    requiredFiles(options, "data");
    // what a grid sets for all of its runs need not mean something to each; what a run began with was looked at then
    if (resume === undefined && given.length === asked.length) requireAgreement(options);
    trainerSettings(options);
    if (resume === undefined) await requireNewRun(options.text("output"), argv);
    const opened = await openModel(options, io);
    const kernels = await selectionKernels(options);
    try {
      return await prepared({ ...opened, kernels }, options, argv, io);
    } finally {
      opened.model.dispose();
      await kernels?.dispose();
    }
  },
};

/** A model, and what compares examples where that is not the processor. */
interface Equipment extends OpenModel {
  readonly kernels: Kernels | undefined;
}

/** Reads the data, chooses what is to fit into memory, and trains. */
async function prepared(
  opened: Equipment,
  options: Options,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const progress = progressOf(options, io);
  const { examples: training } = await loadData("data", opened, options, progress);
  const heldOut =
    options.text("validation") === undefined
      ? undefined
      : (await loadData("validation", opened, options, progress)).examples;
  const { packing } = dataSettings(options, opened.model.config.maxPositionEmbeddings);
  const data = { training, heldOut, packing };
  if (options.text("memory") === undefined) return runTrain(opened, data, options, argv, io);
  // one model at a time: what is measured is what the run will have
  opened.model.dispose();
  const open = async (): Promise<CausalLM> => (await openModel(options, io)).model;
  const fitted = await fitOptions(options, training, open, io);
  progress.note(fitted.note);
  const chosen = [...argv.filter((_, i) => !isMemory(argv, i)), ...fitted.argv];
  const again = await openModel(options, io);
  try {
    return await runTrain(
      { ...again, kernels: opened.kernels },
      data,
      parseOptions(chosen, trainTable),
      chosen,
      io,
    );
  } finally {
    again.model.dispose();
  }
}

/** Whether an argument is `--memory` or its value: a run that is resumed keeps what was chosen. */
function isMemory(argv: readonly string[], i: number): boolean {
  return /^--memory(=|$)/.test(argv[i]) || argv[i - 1] === "--memory";
}

/** What a run learns from, and what it is measured by. */
interface RunData {
  readonly training: readonly Example[];
  readonly heldOut: readonly Example[] | undefined;
  /** Whether they are packed chunks. */
  readonly packing: boolean;
}

async function runTrain(
  opened: Equipment,
  { training, heldOut, packing }: RunData,
  options: Options,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const { model } = opened;
  const { signal, now } = io;
  const progress = progressOf(options, io);
  const settings = trainerSettings(options);

  const resume = options.text("resume");
  const from = resume === undefined ? undefined : await latestCheckpoint(resume);
  const folder = resume ?? options.text("output") ?? freeFolder(join("runs", runName(settings)));
  const run = train({
    ...settings,
    selection: { ...settings.selection, kernels: opened.kernels },
    model,
    trainDataset: training,
    evalDataset: heldOut,
    outputDir: folder,
    resumeFromCheckpoint: from?.path,
    signal,
    now,
  });
  const header = await runHeader(run, training, {
    name: basename(resolve(folder)),
    smallSources: settings.smallSources,
    settings: givenSettings(options, trainTable),
    backend: opened.backend,
    environment: io.environment,
    heldOut,
  });
  const before = from && (await readRecord(join(folder, "run.json"), from.step));
  const recorder = recordRun(header, training, before, (settings.workers ?? 0) === 0);
  const small = header.sources.filter((source) => source.small).map(({ name }) => name);
  requireMetric(settings.metricForBestModel, heldOut, settings.clusterSources ? undefined : small);
  const evaluation = { batchSize: settings.perDeviceEvalBatchSize ?? 16, smallSources: small, signal };
  // a chunk of running text has no completion to match
  const matches = async () =>
    heldOut && !packing ? evaluateExactMatch(model, heldOut, evaluation) : undefined;
  if (heldOut && !from) {
    progress.show(`measuring ${heldOut.length} held-out examples before the first step`, false);
    recorder.evaluation(0, await evaluate(model, heldOut, evaluation), await matches());
  }

  if (settings.clusterSources) {
    progress.note(`sources by clustering: a forward pass over all ${training.length} examples, each time`);
  }
  let checkpoint: string | undefined;
  const beginning = runBeginning(folder);
  try {
    await followRun(run, {
      progress,
      recorder,
      now,
      matches,
      onStart: () => saveArguments(folder, argv),
      onCheckpoint: async (saved) => {
        checkpoint = saved;
        await writeReport(folder, recorder.record());
      },
    });
  } catch (error) {
    progress.done();
    if (checkpoint === undefined && resume === undefined) await beginning.discard();
    const last = checkpoint ?? from?.path;
    throw last === undefined || signal.aborted ? error : resumableError(error, last, folder);
  }
  const record = recorder.record();
  const { reason } = await run.result;
  const outcome = { reason, folder, checkpoint: checkpoint ?? null, ...summary(record) };
  if (reason === "stopped") {
    const next = `stopped: ${checkpoint} is whole; go on with: colm train --resume ${folder}`;
    writeResult(options, io, { ...outcome, weights: null, report: null }, `${runTable(record)}\n${next}`);
    return 130;
  }
  await writeReport(folder, record, { withControls: true });
  const weights = await writeWeights(folder, model);
  const report = join(folder, "report.html");
  const why = reason === "finished" ? "" : `${reasons[reason]}\n`;
  writeResult(
    options,
    io,
    { ...outcome, weights, report },
    `${runTable(record)}\n\n${why}${weights}\n${report}`,
  );
  return 0;
}

/** Ends that are neither that of all steps nor a stop from outside, in words. */
const reasons = {
  "early-stopped": "stopped early: evaluations got no better",
  "out-of-time": "stopped: the time is over; --resume goes on",
  abandoned: "abandoned",
};

/** What `--json` says of a run: its last evaluation and its means. */
function summary({ steps, evaluations, peakBytes }: RunRecord): object {
  const count = steps.length;
  const mean = (of: (step: RunRecord["steps"][number]) => number): number | null =>
    count === 0 ? null : steps.reduce((sum, step) => sum + of(step), 0) / count;
  return {
    steps: steps.at(-1)?.step ?? 0,
    loss: steps.at(-1)?.loss ?? null,
    before: evaluations.find(({ step }) => step === 0) ?? null,
    after: evaluations.findLast(({ step }) => step > 0) ?? null,
    secondsPerStep: mean((step) => step.seconds),
    selectionSecondsPerStep: mean((step) => step.selectionSeconds),
    peakBytes,
  };
}

function runName({ method = "colm", budget = 64, pool = 128 }: ReturnType<typeof trainerSettings>): string {
  return `${method}-${budget}-of-${pool}`;
}
