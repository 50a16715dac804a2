import type { CausalLM } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { crc32c } from "./crc32c.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { RunIdentity } from "./run-state.ts";
import type { TrainingSources } from "./training-sources.ts";

/** What must be the same when a run is resumed, once its adapter is there. Settings that are left to their default are null. */
export async function identityOf(
  options: ResolvedOptions,
  { names, small }: Pick<TrainingSources, "names" | "small">,
): Promise<RunIdentity> {
  const { seed, pool, budget, method, maxSteps, trainDataset, selection, optim = "adamw", model } = options;
  const { lossNormalization, maxGradNorm, weightDecay = 0, momentum = 0, parameterGroups = [] } = options;
  const { adamBeta1 = null, adamBeta2 = null, adamEpsilon = null } = options;
  const { learningRate, type: lrSchedulerType, warmupSteps } = options.scheduleRule;
  const { rank = null, alpha = null, dropout = null, useRslora = false } = model.lora ?? {};
  // checks look on and change nothing
  const { vectors, kernels: __, checkFeatures: ___, ...plain } = selection;
  const { model: _, ...clusters } = options.clusterSources ?? {};
  return {
    seed,
    pool,
    budget,
    method,
    maxSteps,
    examples: trainDataset.length,
    optim,
    selection: JSON.stringify({ ...plain, vectors: vectors?.shape, clusters }),
    smallSources: JSON.stringify(names.filter((_, s) => small[s]).sort()),
    learningRate,
    lrSchedulerType,
    warmupSteps,
    lossNormalization,
    // JSON has no infinity; 0 means the same
    maxGradNorm: maxGradNorm === Infinity ? 0 : maxGradNorm,
    weightDecay,
    parameterGroups: JSON.stringify(parameterGroups),
    adamBeta1,
    adamBeta2,
    adamEpsilon,
    momentum,
    loraRank: rank,
    loraAlpha: alpha,
    loraDropout: dropout,
    useRslora,
    model: await frozenDigest(model),
  };
}

/** As many of a parameter's first values stand for it. */
const SAMPLE = 64;

/** A checksum of the parameters that training leaves as they are: names, shapes and first values. */
async function frozenDigest(model: CausalLM): Promise<string> {
  let sum = 0;
  for (const { name, value } of model.allParameters()) {
    if (value.trainable) continue;
    const first = tf.tidy(() => tf.slice(tf.reshape(value, [-1]), 0, Math.min(SAMPLE, value.size)));
    const values = await first.data();
    first.dispose();
    const described = new TextEncoder().encode(`${sum} ${name} ${value.shape} `);
    const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
    sum = crc32c(Uint8Array.of(...described, ...bytes));
  }
  return sum.toString(16).padStart(8, "0");
}
