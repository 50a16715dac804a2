import { createSelector, type Selector, type SelectorState } from "@colm/coreset";
import type { Batch } from "@colm/data";
import {
  type CausalLM,
  type LossAndGradients,
  lastValueSpsa,
  lossAndGradients,
  poolInputs,
} from "@colm/lm-tfjs";
import { trackPeakBytes } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { benchBatch, benchModel, LARGE, SMALL } from "./lm/model.ts";
import { pytorchStep } from "./lm/pytorch-step.ts";
import { type BenchBackend, startBackend } from "./lm/start-backend.ts";
import { keep, median } from "./measure.ts";

/** What `--backend` and `--size` may be. */
export const choices = { backend: ["wasm", "webgpu"], size: ["default", "large", "small"] } as const;

const SHAPE = {
  vocabulary: 1024,
  hidden: 192,
  feedForward: 512,
  layers: 12,
  heads: 4,
  tokens: 128,
  examples: 128,
  rank: 8,
} as const;
const SIZES = { default: SHAPE, large: { ...LARGE, examples: 8 }, small: SMALL };
const ROUNDS = 3;

/** What `run` may be told. `n`: examples of the pool, an even number; half of them are chosen. */
interface Settings {
  readonly n?: number;
  readonly backend?: BenchBackend;
  readonly size?: keyof typeof SIZES;
}

type Step = () => Promise<void>;

/**
 * Seconds and extra tensor bytes of a step on all n examples (128, unless told otherwise), on half of them, and on half chosen from all:
 * with a second forward pass, with block inputs alone kept, and started from the pool pass's own block inputs. Beside them the cost model
 * `(n F + b (F + B)) / (n (2 F + B))` from the forward cost F and backward cost B of this very run. CPU seconds on wasm, elapsed ones on
 * WebGPU, there with PyTorch's step on all n on CUDA beside them where it is installed.
 */
export async function run({
  n: count,
  backend = "wasm",
  size = "default",
}: Settings = {}): Promise<Record<string, number>> {
  await startBackend(backend);
  const shape = { ...SIZES[size], ...(count !== undefined && { examples: count }) };
  const [n, b] = [shape.examples, shape.examples / 2];
  if (!Number.isInteger(b)) throw new RangeError(`reuse: --n must be even, got ${n}`);
  const model = benchModel(shape);
  const batch = benchBatch(n, shape);
  const rows = Int32Array.from({ length: b }, (_, i) => 2 * i);
  const selector = createSelector({ mode: "official", budget: b });
  const state = selector.init();
  const variants: Record<string, Step> = {
    full: () => train(model, batch, {}),
    half: () => train(model, batch, { rows }),
    full_checkpoint: () => train(model, batch, { checkpoint: true }),
    colm: () => colm(model, batch, selector, state, {}),
    colm_checkpoint: () => colm(model, batch, selector, state, { checkpoint: true }),
    colm_reuse: () => colmWithReuse(model, batch, selector, state),
    forward: async () => void keep(await model.losses(batch)),
    reuse_alone: () => reuseAlone(model, batch, rows),
  };
  const { seconds, bytes } = await measure(variants, backend === "webgpu" ? elapsedSeconds : cpuSeconds);
  const difference = await gradientDifference(model, batch, rows);
  model.dispose();
  const figures: Record<string, number> = {};
  const shown = { full: `full${n}`, half: `full${b}`, full_checkpoint: `full${n}_checkpoint` };
  for (const [name, as] of Object.entries({ ...shown, ...COLM })) {
    figures[`${as}_s`] = seconds[name];
    figures[`${as}_bytes`] = bytes[name];
  }
  const pytorch = backend === "webgpu" ? await pytorchStep(shape, "cuda") : undefined;
  const forward = seconds.forward / n;
  const backward = seconds.full / n - forward;
  const predicted = (n * forward + b * (forward + backward)) / (n * (2 * forward + backward));
  const reuse = seconds.reuse_alone / seconds.full_checkpoint;
  return {
    ...figures,
    [`forward${n}_s`]: seconds.forward,
    backward_over_forward: backward / forward,
    reuse_ratio: reuse,
    reuse_model_ratio: predicted,
    reuse_over_model: reuse / predicted,
    colm_reuse_ratio: seconds.colm_reuse / seconds.full_checkpoint,
    reuse_bytes_ratio: bytes.colm_reuse / bytes.full,
    gradient_max_difference: difference,
    ...(pytorch !== undefined && { [`pytorch_full${n}_s`]: pytorch / 1000 }),
  };
}

const COLM = { colm: "colm", colm_checkpoint: "colm_checkpoint", colm_reuse: "colm_reuse" };

/** Where the work is one thread's: what else the machine does moves them little. */
function cpuSeconds(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1e6;
}

function elapsedSeconds(): number {
  return performance.now() / 1000;
}

/** Seconds in turns, so that what else the machine does meets all alike; shaders are compiled before. */
async function measure(
  variants: Record<string, Step>,
  now: () => number,
): Promise<{ seconds: Record<string, number>; bytes: Record<string, number> }> {
  const seconds: Record<string, number> = {};
  const bytes: Record<string, number> = {};
  const samples = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
  if (now === elapsedSeconds) for (const step of Object.values(variants)) await step();
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, step] of Object.entries(variants)) {
      const peak = trackPeakBytes();
      const before = tf.memory().numBytes;
      const start = now();
      await step();
      samples.get(name)?.push(now() - start);
      peak.dispose();
      bytes[name] = Math.max(bytes[name] ?? 0, peak.peak() - before);
    }
  }
  for (const [name, taken] of samples) seconds[name] = median(taken);
  return { seconds, bytes };
}

async function train(
  model: CausalLM,
  batch: Batch,
  options: Parameters<typeof lossAndGradients>[2],
): Promise<void> {
  await finish(await lossAndGradients(model, batch, options));
}

/** Waits for the gradients, which a graphics processor has after the losses. */
async function finish({ losses, gradients }: LossAndGradients): Promise<void> {
  keep(losses);
  await [...gradients.values()].at(-1)?.data();
  for (const gradient of gradients.values()) gradient.dispose();
}

/** The pass below the last block, features by two zeroth-order passes of it, the choice, and the step on the chosen. */
async function colm(
  model: CausalLM,
  batch: Batch,
  selector: Selector,
  state: SelectorState,
  options: { checkpoint?: boolean },
): Promise<void> {
  const pass = poolInputs(model, batch, { keep: "last" });
  const gradients = await lastValueSpsa(model, pass, { seed: 1 });
  pass.dispose();
  const { indices } = await selector.select(state, { gradients });
  await finish(await lossAndGradients(model, batch, { rows: indices, ...options }));
}

async function colmWithReuse(
  model: CausalLM,
  batch: Batch,
  selector: Selector,
  state: SelectorState,
): Promise<void> {
  const pass = poolInputs(model, batch, { keep: "all" });
  const gradients = await lastValueSpsa(model, pass, { seed: 1 });
  const { indices } = await selector.select(state, { gradients });
  const chosen = await lossAndGradients(model, batch, { rows: indices, pass });
  pass.dispose();
  await finish(chosen);
}

/** Without features: the pass, and the step on rows that were known beforehand. */
async function reuseAlone(model: CausalLM, batch: Batch, rows: Int32Array): Promise<void> {
  const pass = poolInputs(model, batch, { keep: "all" });
  const chosen = await lossAndGradients(model, batch, { rows, pass });
  pass.dispose();
  await finish(chosen);
}

/** Largest difference of a gradient entry between the step with reuse and the checkpointed one without; 0 means the same bits. */
async function gradientDifference(model: CausalLM, batch: Batch, rows: Int32Array): Promise<number> {
  const pass = poolInputs(model, batch, { keep: "all" });
  const reused = await lossAndGradients(model, batch, { rows, pass });
  pass.dispose();
  const plain = await lossAndGradients(model, batch, { rows, checkpoint: true });
  let largest = 0;
  for (const [name, gradient] of plain.gradients) {
    const other = reused.gradients.get(name);
    if (other === undefined) throw new Error(`reuse: no gradient is named ${name}`);
    const [a, b] = [await gradient.data(), await other.data()];
    a.forEach((value, i) => {
      largest = Math.max(largest, Math.abs(value - b[i]));
    });
  }
  await finish(reused);
  await finish(plain);
  return largest;
}
