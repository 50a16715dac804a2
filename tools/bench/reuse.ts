import { createSelector, type Selector, type SelectorState } from "@colm/coreset";
import type { Batch } from "@colm/data";
import {
  type CausalLM,
  chooseBackend,
  type LossAndGradients,
  lastValueSpsa,
  lossAndGradients,
  poolInputs,
} from "@colm/lm-tfjs";
import { trackPeakBytes } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { benchBatch, benchModel } from "./lm/model.ts";
import { keep, median } from "./measure.ts";

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
const BUDGET = 64;
const ROUNDS = 3;

type Step = () => Promise<void>;

/**
 * CPU seconds and extra tensor bytes of a step on 128 examples, on 64, and on 64 chosen from 128: with a second forward pass,
 * with block inputs alone kept, and started from the pool pass's own block inputs. Beside them the cost model
 * `(n F + b (F + B)) / (n (2 F + B))` from the forward cost F and backward cost B of this very run.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const model = benchModel(SHAPE);
  const batch = benchBatch(SHAPE.examples, SHAPE);
  const rows = Int32Array.from({ length: BUDGET }, (_, i) => 2 * i);
  const selector = createSelector({ mode: "official", budget: BUDGET });
  const state = selector.init();
  const variants: Record<string, Step> = {
    full128: () => train(model, batch, {}),
    full64: () => train(model, batch, { rows }),
    full128_checkpoint: () => train(model, batch, { checkpoint: true }),
    colm: () => colm(model, batch, selector, state, {}),
    colm_checkpoint: () => colm(model, batch, selector, state, { checkpoint: true }),
    colm_reuse: () => colmWithReuse(model, batch, selector, state),
    forward: async () => void keep(await model.losses(batch)),
    reuse_alone: () => reuseAlone(model, batch, rows),
  };
  const { seconds, bytes } = await measure(variants);
  const difference = await gradientDifference(model, batch, rows);
  model.dispose();
  const figures: Record<string, number> = {};
  for (const name of ["full128", "full64", "full128_checkpoint", "colm", "colm_checkpoint", "colm_reuse"]) {
    figures[`${name}_s`] = seconds[name];
    figures[`${name}_bytes`] = bytes[name];
  }
  const [n, b] = [SHAPE.examples, BUDGET];
  const forward = seconds.forward / n;
  const backward = seconds.full128 / n - forward;
  const predicted = (n * forward + b * (forward + backward)) / (n * (2 * forward + backward));
  const reuse = seconds.reuse_alone / seconds.full128_checkpoint;
  return {
    ...figures,
    forward128_s: seconds.forward,
    backward_over_forward: backward / forward,
    reuse_ratio: reuse,
    reuse_model_ratio: predicted,
    reuse_over_model: reuse / predicted,
    colm_reuse_ratio: seconds.colm_reuse / seconds.full128_checkpoint,
    reuse_bytes_ratio: bytes.colm_reuse / bytes.full128,
    gradient_max_difference: difference,
  };
}

/** CPU seconds (the work is one thread's), in turns: what else the machine does moves them little, and meets all alike. */
async function measure(
  variants: Record<string, Step>,
): Promise<{ seconds: Record<string, number>; bytes: Record<string, number> }> {
  const seconds: Record<string, number> = {};
  const bytes: Record<string, number> = {};
  const samples = new Map<string, number[]>(Object.keys(variants).map((name) => [name, []]));
  for (let round = 0; round < ROUNDS; round++) {
    for (const [name, step] of Object.entries(variants)) {
      const peak = trackPeakBytes();
      const before = tf.memory().numBytes;
      const start = process.cpuUsage();
      await step();
      const { user, system } = process.cpuUsage(start);
      samples.get(name)?.push((user + system) / 1e6);
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
  finish(await lossAndGradients(model, batch, options));
}

function finish({ losses, gradients }: LossAndGradients): void {
  keep(losses);
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
  finish(await lossAndGradients(model, batch, { rows: indices, ...options }));
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
  finish(chosen);
}

/** Without features: the pass, and the step on rows that were known beforehand. */
async function reuseAlone(model: CausalLM, batch: Batch, rows: Int32Array): Promise<void> {
  const pass = poolInputs(model, batch, { keep: "all" });
  const chosen = await lossAndGradients(model, batch, { rows, pass });
  pass.dispose();
  finish(chosen);
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
  finish(reused);
  finish(plain);
  return largest;
}
