import { join } from "node:path";
import { compareRuns, errorLine, freeFolder, isInputError, processIo } from "@colm/cli";
import { chooseBackend } from "@colm/lm-tfjs";
import { builtInData, openBaseModel, RUNS } from "./built-in-job.ts";
import { HELP, parseStart, type StartOptions } from "./options.ts";

async function start({ quick, steps, seed, learningRate, name }: StartOptions): Promise<number> {
  const io = processIo();
  const backend = await chooseBackend("wasm");
  const model = await openBaseModel();
  const data = builtInData(model, seed);
  model.dispose();
  const folder = freeFolder(join("runs", name));
  const { trainDataset, evalDataset } = data;
  const summary = `A Llama of 0.45 million parameters with LoRA, ${steps} updates on each of ${RUNS.length} ways to choose what it trains on; ${trainDataset.length} training and ${evalDataset.length} held-out problems from twelve sources, skewed 128:1.`;
  console.log(summary);
  const records = await compareRuns(
    {
      ...data,
      openModel: openBaseModel,
      runs: RUNS,
      folder,
      backend,
      title: "Mini-batch coresets on the built-in mixture",
      summary,
      settings: {
        maxSteps: steps,
        evalSteps: quick ? steps : Math.ceil(steps / 5),
        learningRate,
        seed,
        loraRank: 16,
        loraAlpha: 32,
        loraTargetModules: ["q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"],
        // one pass for the whole batch: the peak of memory is then the batch's own
        perDeviceTrainBatchSize: 128,
        perDeviceEvalBatchSize: 128,
      },
    },
    io,
  );
  if (records.length < RUNS.length) return 130;
  console.log(`\nreport: ${join(folder, "report.html")}`);
  return 0;
}

try {
  const options = parseStart(process.argv.slice(2));
  if (options.help) process.stdout.write(HELP);
  else process.exitCode = await start(options);
} catch (error) {
  console.error(errorLine("start", error));
  process.exitCode = isInputError(error) ? 2 : 1;
}
