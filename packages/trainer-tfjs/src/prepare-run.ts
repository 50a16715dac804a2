import { addLora, setTrainable, trainableVariables } from "@colm/lm-tfjs";
import type * as tf from "@tensorflow/tfjs-core";
import { defaultTargets } from "./block-names.ts";
import { clusterExamples, countLabels } from "./cluster-examples.ts";
import { quantity } from "./expression.ts";
import { assignAll, floatData } from "./float-data.ts";
import { makeSchedule } from "./make-schedule.ts";
import { predictMemory } from "./memory-breakdown.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { NO_PROGRESS } from "./run-progress.ts";
import { type RunSelection, runSelection } from "./run-selection.ts";
import type { ClusterState, RunIdentity, RunState } from "./run-state.ts";
import type { StepSetting } from "./train-step.ts";
import { type TrainingSources, trainingSources } from "./training-sources.ts";

/** A run ready for its next update. */
export interface PreparedRun {
  readonly setting: StepSetting;
  readonly state: RunState;
  readonly identity: RunIdentity;
  readonly sources: TrainingSources;
  readonly selection: RunSelection;
  /** The model's trainable variables, by name. */
  readonly variables: ReadonlyMap<string, tf.Variable>;
  /** Milliseconds that the run may take; Infinity where there is no limit. */
  readonly milliseconds: number;
  /** Whether the run goes on from a checkpoint. */
  readonly resumed: boolean;
}

/** Adds the adapter, makes selection, schedule and optimizer, and restores a checkpoint where one is named. */
export async function prepareRun(options: ResolvedOptions): Promise<PreparedRun> {
  const { model, pool, trainDataset, optimizer, scheduleRule, maxMinutes, selection, smallSources } = options;
  const milliseconds =
    maxMinutes === undefined ? Infinity : 60_000 * (await quantity("maxMinutes", maxMinutes, "minutes"));
  await requireMemory(options);
  const schedule = await makeSchedule(scheduleRule, trainDataset.length / pool);
  const sources = await trainingSources(trainDataset, smallSources, selection.boundary);
  chooseTrainable(options);
  const variables = trainableVariables(model);
  if (variables.size === 0) {
    throw new RangeError(
      'train: "model" must have trainable parameters, got none: give loraRank or call setTrainable',
    );
  }
  const parameters = await floatData(variables);
  const identity = identityOf(options);
  const first = optimizer.init(parameters);
  const setting = { options, optimizer, schedule };
  const from = await checkpointOf(options);
  if (from === undefined) {
    const chosen = await runSelection(options, sources.ids, sources.small);
    const selector = chosen.selector.init();
    const state = { step: 0, parameters, optimizer: first, selector, progress: NO_PROGRESS };
    return { setting, state, identity, sources, selection: chosen, variables, milliseconds, resumed: false };
  }
  const { readCheckpoint } = await import("./checkpoint.ts");
  const state = await readCheckpoint(from, parameters, first, identity, trainDataset);
  assignAll(variables, state.parameters);
  const chosen = await (state.clusters
    ? clusteredSelection(options, state.clusters)
    : runSelection(options, sources.ids, sources.small));
  return { setting, state, identity, sources, selection: chosen, variables, milliseconds, resumed: true };
}

/** Refuses a run whose predicted peak is above its limit. */
async function requireMemory(options: ResolvedOptions): Promise<void> {
  if (options.maxMemory === undefined) return;
  const limit = await quantity("maxMemory", options.maxMemory, "bytes");
  const { totalBytes } = predictMemory(options);
  if (totalBytes <= limit) return;
  throw new RangeError(
    `train: "maxMemory" must be at least the predicted ${totalBytes} bytes, got ${limit}: take smaller micro-batches or gradientCheckpointing`,
  );
}

/** Clusters the training set with the model as it is now. */
export async function makeClusters(options: ResolvedOptions, step: number): Promise<ClusterState> {
  const { model, trainDataset, clusterSources, perDeviceEvalBatchSize: batchSize, seed, signal } = options;
  if (clusterSources === undefined)
    throw new TypeError('train: "clusterSources" must be given, got undefined');
  return {
    step,
    labels: await clusterExamples(model, trainDataset, clusterSources, { batchSize, seed, signal }),
  };
}

/** The selection with clusters in the place of sources. */
export async function clusteredSelection(
  options: ResolvedOptions,
  { labels }: ClusterState,
  before?: RunSelection,
): Promise<RunSelection> {
  const { small } = countLabels(labels, options.selection.boundary);
  return runSelection(options, labels, small, before);
}

/** What must be the same when the run is resumed. */
function identityOf(options: ResolvedOptions): RunIdentity {
  const { seed, pool, budget, method, maxSteps, trainDataset, selection, optim = "adamw" } = options;
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
  };
}

async function checkpointOf({
  resumeFromCheckpoint,
  outputDir,
}: ResolvedOptions): Promise<string | undefined> {
  if (resumeFromCheckpoint !== true) return resumeFromCheckpoint;
  const { lastCheckpoint } = await import("./checkpoint.ts");
  const last = outputDir === undefined ? undefined : await lastCheckpoint(outputDir);
  if (last === undefined) {
    throw new RangeError(
      `train: "resumeFromCheckpoint" must be false where "outputDir" holds no checkpoint, got true and ${outputDir}`,
    );
  }
  return last.path;
}

function chooseTrainable(options: ResolvedOptions): void {
  const {
    model,
    seed,
    train,
    loraRank: rank,
    loraAlpha,
    loraTargetModules,
    loraDropout,
    useRslora,
  } = options;
  if (rank !== undefined) {
    const targets = loraTargetModules ?? defaultTargets(model.config.modelType);
    addLora(model, {
      rank,
      alpha: loraAlpha ?? 4 * rank,
      seed,
      ...(targets && { targets }),
      ...(loraDropout !== undefined && { dropout: loraDropout }),
      ...(useRslora !== undefined && { useRslora }),
    });
  }
  if (train === undefined) return;
  if (train === "full" && model.lora) {
    throw new RangeError('train: "train" must be "lora" for a model with an adapter, got "full"');
  }
  setTrainable(model, train === "full" ? "all" : "lora");
}
