import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { type CausalLM, chooseBackend, lossAndGradients } from "@colm/lm-tfjs";
import { trackPeakBytes } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { benchBatch, benchModel, SHAPE, stepFlops } from "./lm/model.ts";
import { naiveStep } from "./lm/naive-step.ts";
import { interleave, median } from "./measure.ts";

const SIDE = 512;

/**
 * Milliseconds of a forward pass and of a LoRA step (losses and gradients) of a small Llama, with block inputs alone kept and
 * without, beside the same step in plain TensorFlow.js and, where it is installed, in PyTorch on one thread (`pytorch_ratio` compares CPU times, taken one process after the other).
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const model = benchModel();
  const batch = benchBatch(SHAPE.examples, SHAPE);
  const naive = await naiveStep(model, batch);
  await requireSameStep(model, naive);
  const [a, b] = [tf.randomNormal([SIDE, SIDE]), tf.randomNormal([SIDE, SIDE])];
  const times = await interleave(
    {
      forward: () => model.losses(batch),
      step: () => step(model, false),
      checkpoint: () => step(model, true),
      naive: () => naive.run(),
      matmul: async () => {
        const product = tf.matMul(a, b);
        const data = await product.data();
        product.dispose();
        return data;
      },
    },
    { rounds: 5, warmup: 1 },
  );
  naive.dispose();
  const pytorch = pytorchStep();
  return {
    forward_ms: times.forward,
    step_ms: times.step,
    step_checkpoint_ms: times.checkpoint,
    naive_step_ms: times.naive,
    naive_ratio: times.naive / times.step,
    tokens_per_second: (1000 * SHAPE.examples * SHAPE.tokens) / times.step,
    step_gflops: stepFlops() / times.step / 1e6,
    matmul512_gflops: (2 * SIDE ** 3) / times.matmul / 1e6,
    peak_bytes: await peakBytes(model, false),
    peak_checkpoint_bytes: await peakBytes(model, true),
    ...(pytorch !== undefined && { pytorch_step_ms: pytorch, pytorch_ratio: pytorch / (await cpuMs(model)) }),
  };
}

async function step(model: CausalLM, checkpoint: boolean): Promise<Float32Array> {
  const { losses, gradients } = await lossAndGradients(model, benchBatch(SHAPE.examples, SHAPE), {
    checkpoint,
  });
  for (const gradient of gradients.values()) gradient.dispose();
  return losses;
}

/** Median CPU milliseconds of the step, for the comparison with another process: less moved by what else the machine does. */
async function cpuMs(model: CausalLM): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    await step(model, false);
    const { user, system } = process.cpuUsage(before);
    samples.push((user + system) / 1000);
  }
  return median(samples);
}

/** Most bytes of tensors during a step, above those that stand before it. */
async function peakBytes(model: CausalLM, checkpoint: boolean): Promise<number> {
  const bytes = trackPeakBytes();
  const before = tf.memory().numBytes;
  await step(model, checkpoint);
  bytes.dispose();
  return bytes.peak() - before;
}

/** A time beside another only says something when both computed the same. */
async function requireSameStep(model: CausalLM, naive: Awaited<ReturnType<typeof naiveStep>>): Promise<void> {
  const { losses, gradients } = await lossAndGradients(model, benchBatch(SHAPE.examples, SHAPE));
  const mine = await gradients.get(naive.witness)?.data<"float32">();
  for (const gradient of gradients.values()) gradient.dispose();
  const { loss, gradient } = await naive.run();
  const mean = losses.reduce((sum, own) => sum + own, 0) / losses.length;
  const apart = Math.hypot(...gradient.map((value, i) => value - (mine?.[i] ?? Number.NaN)));
  const isSame = Math.abs(mean - loss) < 1e-4 * loss && apart <= 1e-3 * Math.hypot(...gradient);
  if (!isSame)
    throw new Error(`lm: the naive step has loss ${loss} and ours ${mean}, gradients ${apart} apart`);
}

/** Median CPU milliseconds of the step in PyTorch; undefined, with a line that says so, where no Python here has it. */
function pytorchStep(): number | undefined {
  const script = fileURLToPath(new URL("lm/pytorch-step.py", import.meta.url));
  for (const python of ["python3", "/usr/bin/python3"]) {
    const { status, stdout } = spawnSync(python, [script, JSON.stringify(SHAPE)], { encoding: "utf8" });
    if (status !== 0) continue;
    const { version, step_ms } = JSON.parse(stdout);
    console.log(`PyTorch ${version}`);
    return Number(step_ms);
  }
  console.log("PyTorch is not installed: no figure of it");
  return undefined;
}
