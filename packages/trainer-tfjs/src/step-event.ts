import type { Example } from "@colm/data";
import { costModel } from "./cost-model.ts";
import { learnedTokens } from "./learned-tokens.ts";
import { microBatches } from "./micro-batches.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { IdealClock, StageOperations, StageTimes } from "./stage-times.ts";
import type { StageBytes, StepEvent } from "./train-events.ts";
import type { StepOutcome } from "./train-step.ts";

/** What the loop measured of an update beside its outcome. */
export interface StepMeasures {
  readonly time: StageTimes;
  readonly peakBytes: number;
  readonly stageBytes: StageBytes;
  readonly clock: IdealClock;
}

/** The event of an update. */
export function stepEvent(
  options: ResolvedOptions,
  outcome: StepOutcome,
  { time, peakBytes, stageBytes, clock }: StepMeasures,
): StepEvent {
  const { next, loss, learningRate, gradientNorm, tokens, selection } = outcome;
  const training = time.trainingForward + time.trainingBackward;
  const { maxSteps, pool, trainDataset } = options;
  return {
    type: "step",
    step: next.step,
    steps: maxSteps,
    epoch: (next.step * pool) / trainDataset.length,
    loss,
    learningRate,
    gradientNorm,
    tokens,
    selection,
    seconds: {
      selection: time.selectionForward + time.features + time.selection,
      training,
      optimizer: time.optimizer,
    },
    time: { measured: time, ideal: clock.ideal(operationsOf(options, outcome), training) },
    peakBytes,
    stageBytes,
  };
}

function operationsOf(options: ResolvedOptions, { passOver, batch }: StepOutcome): StageOperations {
  const { model, gradientCheckpointing, perDeviceTrainBatchSize: size, selection } = options;
  const { directions = 1, features = selection.mode === "default" ? "static" : "spsa", reuse } = selection;
  const cost = costModel(model);
  const pool = sizes(passOver);
  const trained = sizes(batch);
  const selectionForward = cost.forward(pool.lengths, pool.targets);
  const last = cost.last(pool.lengths, pool.targets);
  const runs = features === "spsa" ? 2 * directions : 2;
  const reused = reuse === true && passOver.length > 0;
  const again = reused || gradientCheckpointing === true;
  const training = (whole: number, top: number): { readonly forward: number; readonly backward: number } => ({
    forward: reused ? top : whole,
    backward: cost.backwardRatio * whole + (again ? whole - top : 0),
  });
  const { forward, backward } = training(
    cost.forward(trained.lengths, trained.targets),
    cost.last(trained.lengths, trained.targets),
  );
  const lengths = paddedLengths(trained.lengths, size);
  const padded = training(cost.forward(lengths, trained.targets), cost.last(lengths, trained.targets));
  return {
    selectionForward: passOver.length === 0 ? 0 : selectionForward - last,
    features: passOver.length === 0 ? 0 : runs * last,
    trainingForward: forward,
    trainingBackward: backward,
    trainingPadded: padded.forward + padded.backward,
  };
}

function sizes(examples: readonly Example[]): { readonly lengths: number[]; readonly targets: number } {
  return {
    lengths: examples.map(({ inputIds }) => inputIds.length),
    targets: examples.reduce((sum, example) => sum + learnedTokens(example), 0),
  };
}

/** Every example as long as the longest of its micro-batch. */
function paddedLengths(lengths: readonly number[], size: number): number[] {
  return microBatches(lengths, size).flatMap((group) => group.map(() => lengths[group[0]]));
}
