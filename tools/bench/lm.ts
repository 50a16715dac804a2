import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { addLora, type CausalLM, loadModel, lossAndGradients, memoryNeed, saveModel } from "@colm/lm-tfjs";
import { trackPeakBytes } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import {
  benchBatch,
  benchModel,
  LARGE,
  PROJECTIONS,
  SHAPE,
  type Shape,
  SMALL,
  stepFlops,
} from "./lm/model.ts";
import { naiveStep } from "./lm/naive-step.ts";
import { pytorchStep } from "./lm/pytorch-step.ts";
import { type BenchBackend, startBackend } from "./lm/start-backend.ts";
import { interleave, median, type Schedule } from "./measure.ts";

/** What `--backend` and `--size` may be. */
export const choices = { backend: ["wasm", "webgpu"], size: ["default", "large", "small"] } as const;

const SIDE = 512;
const SIZES = { default: SHAPE, large: LARGE, small: SMALL };
const USUAL: Schedule = { rounds: 5, warmup: 1 };
const SCHEDULES = { default: USUAL, large: USUAL, small: { rounds: 1, warmup: 1, sampleMs: 0 } };

/** What `run` may be told. `n`: sequences, by default those of the size. */
interface Settings {
  readonly n?: number;
  readonly backend?: BenchBackend;
  readonly size?: keyof typeof SIZES;
}

/**
 * Milliseconds of a forward pass and of a LoRA step (losses and gradients) of a Llama, with block inputs alone kept and without, beside
 * the same step in plain TensorFlow.js and, where it is installed, in PyTorch: on one thread, or on CUDA beside WebGPU. `pytorch_ratio`
 * compares two processes, one after the other, by CPU time beside wasm and by elapsed time beside WebGPU. On WebGPU also the step with
 * frozen matrices held as float16.
 */
export async function run({
  n,
  backend = "wasm",
  size = "default",
}: Settings = {}): Promise<Record<string, number>> {
  await startBackend(backend);
  const shape = { ...SIZES[size], ...(n !== undefined && { examples: n }) };
  const model = benchModel(shape);
  const batch = benchBatch(shape.examples, shape);
  const step = (checkpoint: boolean, of = model): Promise<Float32Array> => trained(of, shape, checkpoint);
  const naive = await naiveStep(model, batch, shape);
  await requireSameStep(model, naive, shape);
  const [a, b] = [tf.randomNormal([SIDE, SIDE]), tf.randomNormal([SIDE, SIDE])];
  const times = await interleave(
    {
      forward: () => model.losses(batch),
      step: () => step(false),
      checkpoint: () => step(true),
      naive: () => naive.run(),
      matmul: async () => {
        const product = tf.matMul(a, b);
        const data = await product.data();
        product.dispose();
        return data;
      },
    },
    SCHEDULES[size],
  );
  naive.dispose();
  const pytorch = pytorchStep(shape, backend === "webgpu" ? "cuda" : "cpu");
  const own = pytorch === undefined || backend === "webgpu" ? times.step : await cpuMs(() => step(false));
  return {
    forward_ms: times.forward,
    step_ms: times.step,
    step_checkpoint_ms: times.checkpoint,
    naive_step_ms: times.naive,
    naive_ratio: times.naive / times.step,
    tokens_per_second: (1000 * shape.examples * shape.tokens) / times.step,
    step_gflops: stepFlops(shape) / times.step / 1e6,
    matmul512_gflops: (2 * SIDE ** 3) / times.matmul / 1e6,
    peak_bytes: await peakBytes(() => step(false)),
    peak_checkpoint_bytes: await peakBytes(() => step(true)),
    ...(pytorch !== undefined && { pytorch_step_ms: pytorch, pytorch_ratio: pytorch / own }),
    ...(backend === "webgpu" && (await halvedFigures(model, shape, SCHEDULES[size]))),
  };
}

/** A step, over when its gradients are there: those of a graphics processor come after its losses. */
async function trained(model: CausalLM, shape: Shape, checkpoint: boolean): Promise<Float32Array> {
  const { losses, gradients } = await lossAndGradients(model, benchBatch(shape.examples, shape), {
    checkpoint,
  });
  const all = [...gradients.values()];
  await all.at(-1)?.data();
  tf.dispose(all);
  return losses;
}

/** The same model with frozen matrices held as float16: bytes, time of a step, and how far the mean loss is off. */
async function halvedFigures(
  model: CausalLM,
  shape: Shape,
  schedule: Schedule,
): Promise<Record<string, number>> {
  const folder = await mkdtemp(join(tmpdir(), "colm-lm-"));
  let halved: CausalLM;
  try {
    await saveModel(model, folder);
    halved = await loadModel(folder, { weights: "float16" });
  } finally {
    await rm(folder, { recursive: true });
  }
  const halvedBytes = memoryNeed(model.config, { weights: "float16" }).weightBytes;
  addLora(halved, { rank: shape.rank, alpha: 2 * shape.rank, targets: [...PROJECTIONS], seed: 2 });
  const times = await interleave(
    { full: () => trained(model, shape, false), halved: () => trained(halved, shape, false) },
    schedule,
  );
  const mean = (losses: Float32Array): number => losses.reduce((sum, loss) => sum + loss, 0) / losses.length;
  const [loss, halvedLoss] = [await trained(model, shape, false), await trained(halved, shape, false)].map(
    mean,
  );
  halved.dispose();
  return {
    weight_bytes: memoryNeed(model.config).weightBytes,
    float16_weight_bytes: halvedBytes,
    float16_step_ratio: times.halved / times.full,
    float16_loss_difference: Math.abs(halvedLoss - loss) / loss,
  };
}

/** Median CPU milliseconds of the step, for the comparison with another process: less moved by what else the machine does. */
async function cpuMs(step: () => Promise<Float32Array>): Promise<number> {
  const samples: number[] = [];
  for (let round = 0; round < 5; round++) {
    const before = process.cpuUsage();
    await step();
    const { user, system } = process.cpuUsage(before);
    samples.push((user + system) / 1000);
  }
  return median(samples);
}

/** Most bytes of tensors during a step, above those that stand before it. */
async function peakBytes(step: () => Promise<Float32Array>): Promise<number> {
  const bytes = trackPeakBytes();
  const before = tf.memory().numBytes;
  await step();
  bytes.dispose();
  return bytes.peak() - before;
}

/** A time beside another only says something when both computed the same. */
async function requireSameStep(
  model: CausalLM,
  naive: Awaited<ReturnType<typeof naiveStep>>,
  shape: Shape,
): Promise<void> {
  const { losses, gradients } = await lossAndGradients(model, benchBatch(shape.examples, shape));
  const mine = await gradients.get(naive.witness)?.data<"float32">();
  for (const gradient of gradients.values()) gradient.dispose();
  const { loss, gradient } = await naive.run();
  const mean = losses.reduce((sum, own) => sum + own, 0) / losses.length;
  const apart = Math.hypot(...gradient.map((value, i) => value - (mine?.[i] ?? Number.NaN)));
  const isSame = Math.abs(mean - loss) < 1e-4 * loss && apart <= 1e-3 * Math.hypot(...gradient);
  if (!isSame)
    throw new Error(`lm: the naive step has loss ${loss} and ours ${mean}, gradients ${apart} apart`);
}
