import type { Selector } from "@colm/coreset";
import type { Example } from "@colm/data";
import type { AdamW } from "./adamw.ts";
import { clipByGlobalNorm } from "./clip.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import type { RunState } from "./run-state.ts";
import { selectionStep } from "./selection-step.ts";
import type { SelectionInfo, StepSeconds } from "./train-events.ts";
import { trainingPass } from "./training-pass.ts";

/** What stays the same from update to update. */
export interface StepSetting {
  readonly options: ResolvedOptions;
  readonly selector: Selector;
  readonly optimizer: AdamW;
  /** The source of each training example, by number. */
  readonly sources: Int32Array;
}

/** One update: the state after it, and what it was like. */
export interface StepOutcome {
  readonly next: RunState;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly tokens: number;
  readonly selection: SelectionInfo;
  readonly seconds: StepSeconds;
}

/**
 * One update: select from the pool, train on the coreset, clip, step. The model is only read; writing the new
 * parameters to it is the caller's, so that a failure leaves both model and state as they were.
 *
 * @throws {RangeError} If loss or gradient is not finite: the message names the update.
 */
export async function trainStep(
  setting: StepSetting,
  state: RunState,
  pool: Int32Array,
): Promise<StepOutcome> {
  const { options, selector, optimizer } = setting;
  const { model, trainDataset, seed, perDeviceTrainBatchSize, now, signal } = options;
  const examples = Array.from(pool, (at): Example => trainDataset[at]);
  const { epsilon, directions, fresh } = options.selection;

  const begin = now();
  const chosen = await selectionStep({
    model,
    pool: examples,
    sources: pool.map((at) => setting.sources[at]),
    selector,
    state: state.selector,
    seed,
    microBatchSize: perDeviceTrainBatchSize,
    epsilon,
    directions,
    fresh,
    signal,
  });
  const selected = now();
  const batch = Array.from(chosen.indices, (at) => examples[at]);
  const pass = await trainingPass(model, batch, {
    weights: chosen.weights,
    microBatchSize: perDeviceTrainBatchSize,
    checkpoint: options.gradientCheckpointing,
    signal,
  });
  const trained = now();
  const { gradients, norm } = clipByGlobalNorm(pass.gradients, { maxNorm: options.maxGradNorm });
  requireFinite("loss", pass.loss, state.step);
  requireFinite("gradient norm", norm, state.step);
  const learningRate = options.schedule(state.step);
  const updated = optimizer.update(state.optimizer, gradients, state.parameters, learningRate);
  return {
    next: {
      step: state.step + 1,
      parameters: updated.parameters,
      optimizer: updated.state,
      selector: chosen.state,
    },
    loss: pass.loss,
    learningRate,
    gradientNorm: norm,
    tokens: pass.tokens,
    selection: { indices: chosen.indices.map((at) => pool[at]), diagnostics: chosen.diagnostics },
    seconds: {
      selection: (selected - begin) / 1000,
      training: (trained - selected) / 1000,
      optimizer: (now() - trained) / 1000,
    },
  };
}

function requireFinite(what: string, value: number, step: number): void {
  if (Number.isFinite(value)) return;
  throw new RangeError(
    `train: "${what}" must be finite, got ${value} at step ${step + 1}: lower the learning rate, or look for broken weights`,
  );
}
