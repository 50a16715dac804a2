import type { SelectorState } from "@colm/coreset";
import type { Example } from "@colm/data";
import type { ModelWorkers, SketchOptions } from "@colm/lm-tfjs";
import type { GradientInfo } from "./callbacks.ts";
import { checkFeatures } from "./check-features.ts";
import { clipByGlobalNorm, globalNorm } from "./clip.ts";
import { takeExamples } from "./example-list.ts";
import { exactRows } from "./gradient-rows.ts";
import type { Optimizer } from "./optimizer.ts";
import { passClock } from "./pass-clock.ts";
import { poolSignals } from "./pool-signals.ts";
import { freePasses } from "./pool-walk.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { namedPool, type RunSelection, takeRows } from "./run-selection.ts";
import type { RunState } from "./run-state.ts";
import type { Schedule } from "./schedule.ts";
import type { StageTimes } from "./stage-times.ts";
import type { SelectionInfo } from "./train-events.ts";
import { type PiecesOptions, type TrainingPass, trainOnPieces } from "./training-pass.ts";
import { freshPieces, reusedPieces } from "./training-pieces.ts";

/** What stays the same from update to update. */
export interface StepSetting {
  readonly options: ResolvedOptions;
  readonly optimizer: Optimizer;
  readonly schedule: Schedule;
  /** Threads that run the passes in the place of this one. Default none. */
  readonly workers?: ModelWorkers | undefined;
}

/** Who is told of the parts of an update. */
export interface StepHooks {
  readonly selected: (selection: SelectionInfo) => Promise<void>;
  readonly betweenPieces: () => Promise<void>;
  readonly beforeOptimizer: (gradient: GradientInfo) => Promise<void>;
  /** A large stage is over. */
  readonly stage: (stage: "selection" | "training") => void;
}

/** One update: the state after it, and what it was like. */
export interface StepOutcome {
  readonly next: RunState;
  readonly loss: number;
  readonly learningRate: number;
  readonly gradientNorm: number;
  readonly tokens: number;
  readonly selection: SelectionInfo;
  /** Seconds without those of data and of writing the parameters to the model. */
  readonly time: StageTimes;
  /** Whether the selection asked the model about the whole pool. */
  readonly passOver: readonly Example[];
  readonly batch: readonly Example[];
}

/**
 * One update: select from the pool, train on the coreset, clip, step. The model is only read; writing the new
 * parameters to it is the caller's, so that a failure leaves both model and state as they were.
 *
 * @throws {RangeError} If loss or gradient is not finite: the message names the update.
 */
export async function trainStep(
  setting: StepSetting,
  run: RunSelection,
  state: RunState,
  drawn: Int32Array,
  hooks: StepHooks,
): Promise<StepOutcome> {
  const { options, optimizer, schedule, workers } = setting;
  const { model, trainDataset, budget, perDeviceTrainBatchSize: microBatchSize, now, signal } = options;
  const {
    reuse = false,
    microBatchSize: passSize = microBatchSize,
    checkFeatures: checked,
    ...perturbation
  } = options.selection;
  const { selector, gradients } = run;

  const begin = now();
  const named = selector.needs.ids ? namedPool(drawn, budget, trainDataset.length) : undefined;
  const pool = named?.pool ?? drawn;
  const examples = await takeExamples("trainDataset", trainDataset, pool);
  const needs = selector.needsAt(state.selector);
  const known = {
    sources: pool.map((at) => run.sources[at]),
    ids: named?.ids,
    features: run.vectors && needs.features ? takeRows(run.vectors, pool) : undefined,
  };
  const dropout = { seed: options.seed, step: state.step, examples: pool };
  const gathered = now();
  const signals = await poolSignals(model, examples, known, needs, {
    ...perturbation,
    seed: options.seed,
    step: state.selector.step,
    microBatchSize: passSize,
    gradients,
    keepPasses: reuse,
    dropout,
    workers,
    signal,
    now,
  });
  try {
    const asked = now();
    const chosen = await selector.select(state.selector, signals.pool);
    const selected = now();
    const isChecked = checked !== undefined && state.step % checked === 0;
    const choice = { selector, state: state.selector, pool: signals.pool, indices: chosen.indices };
    const check = isChecked
      ? await checkFeatures(model, examples, { ...choice, microBatchSize: passSize, signal })
      : undefined;
    const selection = {
      indices: chosen.indices.map((at) => pool[at]),
      diagnostics: chosen.diagnostics,
      ...(check && { check }),
    };
    hooks.stage("selection");
    await hooks.selected(selection);

    const clock = passClock(now);
    const batch = Array.from(chosen.indices, (at) => examples[at]);
    const pieces =
      signals.passes.length > 0
        ? reusedPieces(signals.passes, chosen.indices, microBatchSize)
        : freshPieces(batch, microBatchSize);
    const ids = named && !needs.gradients ? named.ids : undefined;
    const memory = rememberWhile(run, chosen.state, ids, sketchOf(options));
    const pass = await trainOnPieces(model, batch, pieces, {
      weights: chosen.weights,
      normalization: options.lossNormalization,
      checkpoint: options.gradientCheckpointing,
      dropout: { ...dropout, examples: selection.indices },
      workers,
      clock,
      signal,
      between: hooks.betweenPieces,
      watch: memory.watch(chosen.indices),
    });
    const passes = clock.times();
    hooks.stage("training");
    const { clipped, norm } = clip(pass, options.maxGradNorm, state.step);
    const learningRate = schedule(state.step);
    await hooks.beforeOptimizer({ loss: pass.loss, gradientNorm: norm, learningRate });
    const optimizerBegin = now();
    const updated = optimizer.update(state.optimizer, clipped, state.parameters, learningRate);
    return {
      next: {
        ...state,
        step: state.step + 1,
        parameters: updated.parameters,
        optimizer: updated.state,
        selector: memory.state(),
      },
      loss: pass.loss,
      learningRate,
      gradientNorm: norm,
      tokens: pass.tokens,
      selection,
      batch,
      passOver: needs.gradients || needs.losses || needs.confidences ? examples : [],
      time: {
        data: (gathered - begin) / 1000,
        selectionForward: (asked - gathered) / 1000 - signals.featureSeconds,
        features: signals.featureSeconds,
        selection: (selected - asked) / 1000,
        trainingForward: passes.forward / 1000,
        trainingBackward: passes.backward / 1000,
        optimizer: (now() - optimizerBegin) / 1000,
      },
    };
  } finally {
    freePasses(signals.passes);
  }
}

function clip(
  { loss, gradients }: TrainingPass,
  maxGradNorm: number,
  step: number,
): { readonly clipped: Map<string, Float32Array>; readonly norm: number } {
  const { gradients: clipped, norm } =
    maxGradNorm === 0
      ? { gradients, norm: globalNorm(gradients) }
      : clipByGlobalNorm(gradients, { maxNorm: maxGradNorm });
  requireFinite("loss", loss, step);
  requireFinite("gradient norm", norm, step);
  return { clipped, norm };
}

/** Puts the gradients of the examples trained on into a selector's memory; does nothing without `ids`. */
function rememberWhile(
  { selector, gradients }: RunSelection,
  first: SelectorState,
  ids: Int32Array | undefined,
  sketch: SketchOptions | undefined,
): { readonly watch: (indices: Int32Array) => PiecesOptions["watch"]; readonly state: () => SelectorState } {
  let state = first;
  return {
    state: () => state,
    watch(indices) {
      if (ids === undefined || gradients === "spsa") return undefined;
      return {
        async gradients(model, inputs) {
          const [size] = inputs.batch.shape;
          const rows = exactRows(model, size, gradients, sketch);
          await rows.add(inputs, [...Array(size).keys()]);
          return rows.result();
        },
        see(members, rows) {
          state = selector.remember(state, { ids: members.map((at) => ids[indices[at]]), gradients: rows });
        },
      };
    },
  };
}

function sketchOf({ selection, seed }: ResolvedOptions): SketchOptions | undefined {
  const { sketch = false } = selection;
  return sketch === false ? undefined : { size: sketch, seed };
}

function requireFinite(what: string, value: number, step: number): void {
  if (Number.isFinite(value)) return;
  throw new RangeError(
    `train: "${what}" must be finite, got ${value} at step ${step + 1}: lower the learning rate, or look for broken weights`,
  );
}
