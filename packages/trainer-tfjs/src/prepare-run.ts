import { trainableVariables } from "@colm/lm-tfjs";
import type * as tf from "@tensorflow/tfjs-core";
import { checkedFacts } from "./check-examples.ts";
import { chooseTrainable } from "./choose-trainable.ts";
import { clusterExamples, countLabels } from "./cluster-examples.ts";
import type { ListFacts } from "./example-list.ts";
import { quantity } from "./expression.ts";
import { assignAll, floatData } from "./float-data.ts";
import { makeSchedule } from "./make-schedule.ts";
import { predictMemory } from "./memory-breakdown.ts";
import type { NamedArrays } from "./optimizer.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { bestBefore, checkpointOf } from "./resume-place.ts";
import { identityOf } from "./run-identity.ts";
import { NO_PROGRESS, requireMetric } from "./run-progress.ts";
import { type RunSelection, runSelection } from "./run-selection.ts";
import type { ClusterState, RunIdentity, RunState } from "./run-state.ts";
import type { StepSetting } from "./train-step.ts";
import { sourcesOf, type TrainingSources } from "./training-sources.ts";

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
  /** What is known of the held-out set. */
  readonly heldOut: ListFacts;
  /** The weights of the best evaluation before the run went on, where they are wanted. */
  readonly best: NamedArrays | undefined;
  /** Whether the run goes on from a checkpoint. */
  readonly resumed: boolean;
}

/**
 * Adds the adapter, makes selection, schedule and optimizer, and restores a checkpoint where one is named.
 *
 * @throws What a setting, the data or the checkpoint is refused for, with the model as it was.
 */
export async function prepareRun(options: ResolvedOptions): Promise<PreparedRun> {
  const { model, pool, trainDataset, evalDataset, scheduleRule, maxMinutes } = options;
  const { selection, smallSources, metricForBestModel } = options;
  const milliseconds =
    maxMinutes === undefined ? Infinity : 60_000 * (await quantity("maxMinutes", maxMinutes, "minutes"));
  const from = await checkpointOf(options);
  await requireMemory(options);
  const schedule = await makeSchedule(scheduleRule, trainDataset.length / pool);
  const facts = await checkedFacts("trainDataset", trainDataset, model.config);
  const sources = await sourcesOf(facts, smallSources, selection.boundary);
  const heldOut = await checkedFacts("evalDataset", evalDataset, model.config);
  if (evalDataset.length > 0) requireMetric(heldOut, smallNames(sources), metricForBestModel);
  const before = { schedule, sources, heldOut, milliseconds };
  const undo = chooseTrainable(options);
  try {
    return await (from === undefined ? beginning(options, before) : continuation(options, before, from));
  } catch (error) {
    undo();
    throw error;
  }
}

type Known = Pick<PreparedRun, "sources" | "heldOut" | "milliseconds"> & Pick<StepSetting, "schedule">;

async function beginning(options: ResolvedOptions, known: Known): Promise<PreparedRun> {
  const { schedule, ...facts } = known;
  const { optimizer } = options;
  const { variables, parameters } = await trainableOf(options);
  const identity = await identityOf(options, facts.sources);
  const selection = await runSelection(options, facts.sources.ids, facts.sources.small);
  const state = {
    step: 0,
    parameters,
    optimizer: optimizer.init(parameters),
    selector: selection.selector.init(),
    progress: NO_PROGRESS,
    due: false,
  };
  const setting = { options, optimizer, schedule };
  return { ...facts, setting, state, identity, selection, variables, best: undefined, resumed: false };
}

async function continuation(options: ResolvedOptions, known: Known, from: string): Promise<PreparedRun> {
  const { schedule, ...facts } = known;
  const { optimizer } = options;
  const { variables, parameters } = await trainableOf(options);
  const identity = await identityOf(options, facts.sources);
  const { readCheckpoint } = await import("./checkpoint.ts");
  const state = await readCheckpoint(
    from,
    parameters,
    optimizer.init(parameters),
    identity,
    options.trainDataset,
  );
  const best = await bestBefore(from, state, options);
  const selection = await (state.clusters
    ? clusteredSelection(options, state.clusters)
    : runSelection(options, facts.sources.ids, facts.sources.small));
  assignAll(variables, state.parameters);
  const setting = { options, optimizer, schedule };
  return { ...facts, setting, state, identity, selection, variables, best, resumed: true };
}

async function trainableOf({ model }: ResolvedOptions): Promise<{
  readonly variables: PreparedRun["variables"];
  readonly parameters: Map<string, Float32Array>;
}> {
  const variables = trainableVariables(model);
  if (variables.size > 0) return { variables, parameters: await floatData(variables) };
  throw new RangeError(
    'train: "model" must have trainable parameters, got none: give loraRank or call setTrainable',
  );
}

/** Names of the small sources. */
export function smallNames({ names, small }: TrainingSources): string[] {
  return names.filter((_, s) => small[s]);
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
