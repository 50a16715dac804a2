import { chooseBackend } from "@colm/lm-tfjs";
import { train } from "../src/index.ts";
import { tinyExamples, tinyLora } from "./tiny.ts";

// A small run that writes a checkpoint after each of its updates, in a process of its own, so that it can be killed.
const [outputDir, steps] = process.argv.slice(2);
await chooseBackend("cpu");
const { lastCheckpoint } = await import("../src/checkpoint.ts");
const last = await lastCheckpoint(outputDir);
const run = train({
  model: tinyLora(),
  trainDataset: tinyExamples(40),
  pool: 8,
  budget: 4,
  selection: { mode: "default", features: "remembered", every: 5 },
  maxSteps: Number(steps),
  learningRate: 0.01,
  saveSteps: 1,
  saveTotalLimit: 2,
  seed: 7,
  outputDir,
  resumeFromCheckpoint: last && true,
});
process.stdout.write(`from ${last?.step ?? 0}\n`);
for await (const event of run) process.stdout.write(`${event.type} ${event.step}\n`);
