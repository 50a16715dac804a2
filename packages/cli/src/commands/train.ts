import { basename, join, resolve } from "node:path";
import { setTrainable } from "@colm/lm-tfjs";
import { evaluate, evaluateExactMatch, train } from "@colm/trainer-tfjs";
import { dataSettings } from "../data-options.ts";
import { followRun } from "../follow-run.ts";
import type { Command, Io } from "../io.ts";
import { loadExamples, loadNote } from "../load-examples.ts";
import { type OpenModel, openModel } from "../open-model.ts";
import { type Options, parseOptions } from "../option-table.ts";
import { type Progress, progressLine } from "../progress.ts";
import { readRecord } from "../read-record.ts";
import { recordRun } from "../record-run.ts";
import { freeFolder, latestCheckpoint } from "../run-folder.ts";
import { runHeader } from "../run-header.ts";
import { runTable } from "../run-table.ts";
import { discardArguments, saveArguments, savedArguments } from "../saved-arguments.ts";
import { writeReport, writeWeights } from "../write-results.ts";
import { trainerSettings, trainHelp, trainTable } from "./train-options.ts";

/** `colm train` */
export const trainCommand: Command = {
  name: "train",
  summary: "fine-tune a language model on mini-batch coresets",
  help: trainHelp,
  async run(given, io) {
    const resume = parseOptions(given, trainTable).text("resume");
    const argv = resume === undefined ? given : [...(await savedArguments(resume)), ...given];
    const options = parseOptions(argv, trainTable);
    options.required("data");
    trainerSettings(options);
    const opened = await openModel(options);
    try {
      return await runTrain(opened, options, argv, io);
    } finally {
      opened.model.dispose();
    }
  },
};

async function runTrain(
  opened: OpenModel,
  options: Options,
  argv: readonly string[],
  io: Io,
): Promise<number> {
  const { model } = opened;
  const { signal, now } = io;
  const progress = progressLine(io.stdout);
  const settings = trainerSettings(options);
  const training = await load(options.required("data"), opened, options, progress);
  const validation = options.text("validation");
  const heldOut = validation === undefined ? undefined : await load(validation, opened, options, progress);
  if (options.flag("full")) setTrainable(model, "all");

  const resume = options.text("resume");
  const from = resume === undefined ? undefined : await latestCheckpoint(resume);
  const folder = resume ?? options.text("output") ?? freeFolder(join("runs", runName(settings)));
  const run = train({
    ...settings,
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
    backend: opened.backend,
    environment: io.environment,
    heldOut,
  });
  const recorder = recordRun(header, from && (await readRecord(join(folder, "run.json"), from.step)));
  const small = header.sources.filter((source) => source.small).map(({ name }) => name);
  const evaluation = { batchSize: settings.perDeviceEvalBatchSize ?? 16, smallSources: small, signal };
  const matches = async () => (heldOut ? evaluateExactMatch(model, heldOut, evaluation) : undefined);
  if (heldOut && !from) {
    const before = await evaluate(model, heldOut, evaluation);
    recorder.evaluation(0, before, await matches());
  }

  let checkpoint: string | undefined;
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
    if (checkpoint === undefined && resume === undefined) await discardArguments(folder);
    throw error;
  }
  progress.note(runTable(recorder.record()));
  if ((await run.result).reason === "stopped") {
    progress.note(`stopped: ${checkpoint} is whole; go on with: colm train --resume ${folder}`);
    return 130;
  }
  const weights = await writeWeights(folder, model);
  progress.note(`\n${weights}\n${join(folder, "report.html")}`);
  return 0;
}

async function load(file: string, opened: OpenModel, options: Options, progress: Progress) {
  const settings = dataSettings(options, opened.model.config.maxPositionEmbeddings);
  const loaded = await loadExamples(file, { ...settings, tokenizer: opened.tokenizer });
  const note = loadNote(file, loaded, settings.maxLength);
  if (note !== "") progress.note(note);
  return loaded.examples;
}

function runName({ method = "colm", budget = 64, pool = 128 }: ReturnType<typeof trainerSettings>): string {
  return `${method}-${budget}-of-${pool}`;
}
