import { reusedBytes, selectionActivationBytes, trainingBytes } from "./activation-bytes.ts";
import { type LayerMemory, layerMemory } from "./layer-memory.ts";
import { makeSelector } from "./make-selector.ts";
import { entriesOf, longest, rowWidth } from "./memory-inputs.ts";
import { pairBytes } from "./pair-bytes.ts";
import { gradientKind } from "./pool-signals.ts";
import { type ResolvedOptions, resolveOptions } from "./resolve-options.ts";
import type { StepEvent } from "./train-events.ts";
import type { TrainOptions } from "./train-options.ts";

/** One part of a run's memory. */
export interface MemoryRow {
  readonly component:
    | "weights"
    | "adapter"
    | "gradients"
    | "activations"
    | "selection"
    | "optimizer"
    | "accumulation"
    | "history"
    | "pairs"
    | "workers"
    | "steady"
    | "peak";
  /** Where it lies: in tensors of TensorFlow.js, in arrays beside them, or in worker threads. */
  readonly where: "tensors" | "arrays" | "threads";
  /** Predicted from shapes, before anything runs. */
  readonly bytes: number;
  /** Measured in a run; absent before, and for what no run measures alone. */
  readonly measured?: number;
}

/** What the training pass would hold with another micro-batch or with the other way of checkpointing. */
export interface ActivationChoice {
  /** Examples of a micro-batch. */
  readonly microBatch: number;
  readonly checkpointing: boolean;
  /** Activations and gradients, predicted, beside weights. */
  readonly bytes: number;
}

/** A run's memory by component. */
export interface MemoryBreakdown {
  readonly rows: readonly MemoryRow[];
  /** The training pass for micro-batches of 1, 2, 4, … and of the budget, without and with checkpointing. */
  readonly choices: readonly ActivationChoice[];
  /** Weights, adapter, gradients and optimizer by type of layer. */
  readonly layers: readonly LayerMemory[];
  /** The predicted peak of tensors, all arrays and worker threads together. */
  readonly totalBytes: number;
  /** The same for the run with every weight trained and no adapter: what an adapter is to be compared with. */
  readonly everyWeightBytes: number;
  /** What the figures take for granted. */
  readonly assumptions: readonly string[];
}

const FLOAT = 4;
/** What a worker thread takes before it has a model: program and back end, measured in Node.js 24. */
const THREAD = 40e6;

/**
 * Predicts a run's memory by component from shapes alone: weights, adapter, gradients, optimizer, activations, selection, and the
 * peak of tensors.
 *
 * @param options - Those of `train`; nothing is changed and nothing runs.
 * @returns Rows in bytes. `steady` is what stays between updates, `peak` the largest of training pass and selection pass on top
 * of weights, each for the longest micro-batch that the data can bring.
 * @throws {TypeError | RangeError} As `train`.
 * @remarks Predictions hold for the wasm back end, whose attention keeps no probabilities, within a tenth of what
 * `withMeasured` shows beside them where the longest examples do come together. With `workers` the passes run in their threads:
 * rows of tensors are those of the main thread, and one row, `workers`, bounds the others; it is not measured.
 * @example
 * import { chooseBackend, createModel, parseModelConfig } from "@colm/lm-tfjs";
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 16, hidden_size: 8, intermediate_size: 16, num_hidden_layers: 1,
 *   num_attention_heads: 2, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = [Int32Array.of(1, 2, 3, 4), Int32Array.of(5, 6, 7), Int32Array.of(1, 3, 5, 7), Int32Array.of(2, 4, 6)];
 * const trainDataset = ids.map((inputIds) => ({ inputIds, labels: inputIds, source: "counting", truncated: 0 }));
 * const { rows } = memoryBreakdown({ model, trainDataset, pool: 4, budget: 2, loraRank: 2 });
 * rows.find(({ component }) => component === "weights")?.bytes; // => 3168
 * model.dispose();
 */
export function memoryBreakdown(options: TrainOptions): MemoryBreakdown {
  return predictMemory(resolveOptions(options));
}

/**
 * A prediction beside what a run measured: `steady`, `selection`, `activations`, `peak` and `pairs` of its updates, the largest of each.
 *
 * @param breakdown - From `memoryBreakdown` or the run's `memory`.
 * @param steps - Updates of the run, at least one.
 * @returns The same rows with `measured` where updates tell it. Other tensors that the process holds are measured too.
 * @throws {RangeError} If there is no update.
 */
export function withMeasured(breakdown: MemoryBreakdown, steps: readonly StepEvent[]): MemoryBreakdown {
  if (steps.length === 0) throw new RangeError('withMeasured: "steps" must hold at least 1 update, got 0');
  const most = (of: (event: StepEvent) => number): number => Math.max(...steps.map(of));
  const gradients = breakdown.rows.find(({ component }) => component === "gradients")?.bytes ?? 0;
  const measures: Partial<Record<MemoryRow["component"], number>> = {
    steady: most(({ stageBytes }) => stageBytes.held),
    selection: most(({ stageBytes }) => stageBytes.selection - stageBytes.held),
    activations: most(({ stageBytes }) => stageBytes.training - stageBytes.kept) - gradients,
    peak: most(({ peakBytes }) => peakBytes),
    pairs: most(
      ({ selection: { diagnostics } }) => (diagnostics.bytes.kernel ?? 0) + (diagnostics.bytes.choice ?? 0),
    ),
  };
  const rows = breakdown.rows.map((row) => {
    const measured = measures[row.component];
    return measured === undefined ? row : { ...row, measured };
  });
  return { ...breakdown, rows };
}

/** `memoryBreakdown` of options whose defaults are filled in. */
export function predictMemory(options: ResolvedOptions): MemoryBreakdown {
  const full = predictOwn({ ...options, train: "full", loraRank: undefined });
  // an adapter that is there already would not be
  const present = options.loraRank === undefined ? FLOAT * entriesOf(options).adapter * copies(options) : 0;
  return { ...predictOwn(options), everyWeightBytes: full.totalBytes - present };
}

function predictOwn(options: ResolvedOptions): Omit<MemoryBreakdown, "everyWeightBytes"> {
  const { model, budget, perDeviceTrainBatchSize: size, gradientCheckpointing = false, workers } = options;
  const { weights, adapter, trained } = entriesOf(options);
  const full = trained.others > 0;
  const fused = model.config.headDim % 4 === 0;
  const reuse = options.selection.reuse === true;
  const batch = { ...longest(options, Math.min(size, budget)), fused };
  const training = trainingBytes(
    model.config,
    { ...batch, checkpoint: gradientCheckpointing || reuse, full },
    trained,
  );
  const selection = selectionBytes(options);
  // passes hold nothing in this thread where workers make them
  const here = (bytes: number): number => (workers === 0 ? bytes : 0);
  const held = FLOAT * (weights + adapter);
  const entries = trained.blocks + trained.others;
  const moments = momentsOf(options);
  const rows: MemoryRow[] = [
    { component: "weights", where: "tensors", bytes: FLOAT * weights },
    { component: "adapter", where: "tensors", bytes: FLOAT * adapter },
    { component: "gradients", where: "tensors", bytes: here(training.gradients) },
    { component: "activations", where: "tensors", bytes: here(training.peak - training.gradients) },
    { component: "selection", where: "tensors", bytes: here(selection.pass + selection.kept) },
    { component: "steady", where: "tensors", bytes: held },
    {
      component: "peak",
      where: "tensors",
      bytes: held + here(Math.max(training.peak, selection.pass) + selection.kept),
    },
    // float64 sums, their float32 copy and the clipped one
    { component: "accumulation", where: "arrays", bytes: entries * 4 * FLOAT },
    // parameters and moments, twice during an update
    { component: "optimizer", where: "arrays", bytes: entries * (1 + moments) * 2 * FLOAT },
    { component: "history", where: "arrays", bytes: selection.history },
    { component: "pairs", where: "arrays", bytes: pairBytes(options) },
  ];
  if (workers > 0) {
    // a model and a pass of its own each, and two sets of gradients on their way to this thread
    const each = held + Math.max(training.peak, selection.pass) + 2 * entries * FLOAT + THREAD;
    rows.push({ component: "workers", where: "threads", bytes: workers * each });
  }
  const assumptions = [
    "float32 throughout",
    `micro-batches of ${batch.examples} examples of ${batch.tokens} tokens, the longest that come`,
    gradientCheckpointing || reuse
      ? "block inputs alone are kept"
      : "every block keeps what its backward pass needs",
    fused ? "attention keeps no probabilities (wasm)" : "attention keeps its probabilities",
  ];
  const counted = rows.filter(({ component, where }) => where !== "tensors" || component === "peak");
  const choices = microBatchesUpTo(budget).flatMap((microBatch) =>
    [false, true].map((checkpointing): ActivationChoice => {
      const cut = { ...longest(options, microBatch), fused, checkpoint: checkpointing, full };
      return { microBatch, checkpointing, bytes: trainingBytes(model.config, cut, trained).peak };
    }),
  );
  return {
    rows,
    choices,
    layers: layerMemory(options, moments),
    totalBytes: counted.reduce((sum, { bytes }) => sum + bytes, 0),
    assumptions,
  };
}

/** 1, 2, 4, … below `budget`, and `budget`. */
function microBatchesUpTo(budget: number): number[] {
  const sizes: number[] = [];
  for (let size = 1; size < budget; size *= 2) sizes.push(size);
  return [...sizes, budget];
}

/** Models: that of the main thread and those of the workers. */
function copies({ workers }: ResolvedOptions): number {
  return 1 + workers;
}

function momentsOf({ optimizer }: ResolvedOptions): number {
  const { m, v } = optimizer.init(new Map([["", new Float32Array(0)]]));
  return (m ? 1 : 0) + (v ? 1 : 0);
}

interface SelectionBytes {
  /** The most that the pass over one micro-batch holds. */
  readonly pass: number;
  /** What stays of it until training. */
  readonly kept: number;
  /** Features and history beside the tensors. */
  readonly history: number;
}

function selectionBytes(options: ResolvedOptions): SelectionBytes {
  const { model, pool, selection, perDeviceTrainBatchSize, trainDataset } = options;
  const { needs } = makeSelector(options, [false]);
  const hasPass = needs.gradients || needs.losses;
  const {
    microBatchSize = perDeviceTrainBatchSize,
    features,
    remember,
    reuse = false,
    directions = 1,
  } = selection;
  const kind = gradientKind(features, remember);
  const { dimension = 256, capacity = 16_384 } = selection.memory ?? {};
  const remembered = needs.ids ? Math.min(capacity, trainDataset.length) * (dimension + 2) * 8 : 0;
  const { dimension: statics = 256 } = selection.static ?? {};
  const width = selection.vectors?.shape[1] ?? statics;
  const vectors = needs.features ? trainDataset.length * width * FLOAT : 0;
  if (!hasPass) return { pass: 0, kept: 0, history: remembered + vectors };
  const fused = model.config.headDim % 4 === 0;
  const batch = { ...longest(options, Math.min(microBatchSize, pool)), fused };
  const of = needs.gradients ? kind : "none";
  const rows = kind === "spsa" ? pool * directions : pool * rowWidth(options, kind);
  return {
    pass: selectionActivationBytes(model.config, { ...batch, features: of }),
    kept: reuse ? reusedBytes(model.config, longest(options, pool).all) : 0,
    history: remembered + vectors + (needs.gradients ? rows * FLOAT : 0),
  };
}
