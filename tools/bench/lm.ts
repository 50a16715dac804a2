import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  loadModel,
  lossAndGradients,
  memoryNeed,
  saveModel,
} from "@colm/lm-tfjs";
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
import { pytorchStep, startPyTorch } from "./lm/pytorch-step.ts";
import { type BenchBackend, startBackend } from "./lm/start-backend.ts";
import { interleave, median, type Schedule } from "./measure.ts";

/** What `--backend` and `--size` may be. */
export const choices = { backend: ["wasm", "webgpu"], size: ["default", "large", "small"] } as const;

const SIDE = 512;

/** Steps of each kind whose CPU time is taken. */
const ROUNDS = 7;

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
 * the same step in plain TensorFlow.js. On wasm also CPU times of the step, with revectorized kernels too, and, where it is installed, of
 * the same in PyTorch on one thread, in turns: medians, the least, and ratios, below 1 where ours is the faster. On WebGPU PyTorch on CUDA
 * stands beside it, and the step with frozen matrices held as float16.
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
    ...(backend === "wasm" && (await cpuFigures(() => step(false), shape))),
    ...(backend === "webgpu" && (await cudaFigures(times.step, shape))),
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

/** PyTorch's step on CUDA. */
async function cudaFigures(own: number, shape: Shape): Promise<Record<string, number>> {
  const pytorch = await pytorchStep(shape, "cuda");
  return pytorch === undefined ? {} : { pytorch_step_ms: pytorch, pytorch_ratio: own / pytorch };
}

/**
 * CPU times, which are less moved by what else the machine does, of steps on one thread taken in turns: as it is, with revectorized
 * kernels, in PyTorch.
 */
async function cpuFigures(step: () => Promise<Float32Array>, shape: Shape): Promise<Record<string, number>> {
  const pytorch = await startPyTorch(shape, "cpu");
  const own: number[] = [];
  const revectorized: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    await chooseBackend("wasm", { revectorize: false });
    own.push(await cpuMs(step));
    if (pytorch) theirs.push(await pytorch.step());
    if (process.arch !== "x64") continue;
    await chooseBackend("wasm", { revectorize: true });
    revectorized.push(await cpuMs(step));
  }
  pytorch?.dispose();
  await chooseBackend("wasm", { revectorize: false });
  return {
    ...cpuFigure("step", own, theirs),
    ...(revectorized.length > 0 && cpuFigure("step_revectorize", revectorized, theirs)),
    ...(pytorch && cpuFigure("pytorch_step", theirs, [])),
  };
}

/** Median and least of CPU times, and, where there are any, over the median and the least of others. */
function cpuFigure(
  name: string,
  times: readonly number[],
  others: readonly number[],
): Record<string, number> {
  const [middle, least] = [median(times), Math.min(...times)];
  return {
    [`${name}_cpu_ms`]: middle,
    [`${name}_cpu_least_ms`]: least,
    ...(others.length > 0 && {
      [`${name}_pytorch_ratio`]: middle / median(others),
      [`${name}_pytorch_least_ratio`]: least / Math.min(...others),
    }),
  };
}

async function cpuMs(step: () => Promise<Float32Array>): Promise<number> {
  const before = process.cpuUsage();
  await step();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
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
