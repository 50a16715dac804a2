import type { ModelConfig } from "@colm/lm-tfjs";

/** What decides how much the passes of a model hold. */
export interface ActivationOptions {
  /** Examples of the micro-batch. */
  readonly examples: number;
  /** Tokens of its longest example. */
  readonly tokens: number;
  /** Positions with a label in it. */
  readonly targets: number;
  /** Whether block inputs alone are kept. */
  readonly checkpoint: boolean;
  /** Whether every weight is trained, or an adapter. */
  readonly full: boolean;
  /** Whether attention runs in this library's kernels, which keep no probabilities: on wasm, for heads of a multiple of 4. */
  readonly fused: boolean;
}

/** Float32 numbers of a model's blocks, per row of activations. */
interface Widths {
  readonly layers: number;
  readonly hidden: number;
  readonly query: number;
  readonly keyValue: number;
  readonly inner: number;
  /** Arrays of the inner width that feed the activation: gate and up, or one. */
  readonly parts: number;
  readonly parallel: boolean;
  readonly headNorms: boolean;
  readonly vocabulary: number;
  /** Attention's probabilities, per row. */
  readonly probabilities: number;
}

/** Logits that the loss computes at a time, in floats: lm-tfjs' chunk. */
const CHUNK = 2 ** 21;
const FLOAT = 4;

function widthsOf(config: ModelConfig, { tokens, fused }: ActivationOptions): Widths {
  const { numAttentionHeads, numKeyValueHeads, headDim } = config;
  return {
    layers: config.numHiddenLayers,
    hidden: config.hiddenSize,
    query: numAttentionHeads * headDim,
    keyValue: numKeyValueHeads * headDim,
    inner: config.intermediateSize,
    parts: config.hiddenAct === "silu" ? 2 : 1,
    parallel: config.parallelBlocks,
    headNorms: config.modelType === "qwen3",
    vocabulary: config.vocabSize,
    probabilities: fused ? 0 : numAttentionHeads * tokens,
  };
}

/** What a block keeps of its attention: queries, keys, values, context. */
function attentionWidth({ query, keyValue, headNorms, probabilities }: Widths): number {
  return 2 * query + 2 * keyValue + (headNorms ? query + keyValue : 0) + probabilities;
}

/** What a block keeps for its backward pass, beside its input. */
function keptWidth(widths: Widths): number {
  const { hidden, inner, parts, parallel } = widths;
  return attentionWidth(widths) + (parallel ? 0 : hidden) + parts * inner;
}

/** Logits and their softmax in one array, as many rows at a time as a chunk holds. */
function chunkFloats({ vocabulary }: Widths, targets: number): number {
  return Math.min(targets, Math.max(1, Math.floor(CHUNK / vocabulary))) * vocabulary;
}

/** The last block and the head at the targets, on the way back: in the loss, or in the feed-forward net behind it. */
function headFloats(widths: Widths, targets: number, full: boolean): number {
  const { hidden, query, inner, parts, vocabulary } = widths;
  const rows = targets * (query + 8 * hidden);
  // gradients by the output layer: the product, what is scattered, their difference, the sum
  const output = full ? 4 * vocabulary * hidden + targets * hidden : 0;
  const loss = rows + targets * parts * inner + chunkFloats(widths, targets) + output;
  return Math.max(loss, rows + targets * (2 * parts + 2) * inner + merged(widths, full));
}

/** Weights of attention with their adapters merged in, as many as are held at a time. */
function merged({ query, hidden }: Widths, full: boolean): number {
  return full ? 0 : 3 * query * hidden;
}

/** Parameters that get gradients, in numbers of entries: those of all blocks together, and the others. */
export interface TrainedEntries {
  readonly blocks: number;
  readonly others: number;
}

/** The most bytes that a training pass holds beside weights, and how many of those are gradients. */
export interface TrainingBytes {
  readonly peak: number;
  readonly gradients: number;
}

/**
 * Bytes of tensors that the forward and backward pass of a micro-batch hold at most, beside weights.
 *
 * @param config - The model's shapes.
 * @param options - The micro-batch and how it is run.
 * @param trained - What gets gradients.
 * @remarks Counted on lm-tfjs' passes at the three moments that can be the largest: in the loss, with every lower block kept; in
 * the block below the last, with what its backward pass adds (activation and its gradient, those of its parts, six arrays of the
 * hidden width); and in the lowest block, with all gradients. Float32. The tests hold it against what is measured.
 */
export function trainingBytes(
  config: ModelConfig,
  options: ActivationOptions,
  trained: TrainedEntries,
): TrainingBytes {
  const { examples, tokens, targets, checkpoint, full } = options;
  const widths = widthsOf(config, options);
  const { layers, hidden, inner, parts, vocabulary } = widths;
  const rows = examples * tokens;
  const kept = keptWidth(widths);
  const perLower = hidden + (checkpoint ? 0 : kept);
  const atHead =
    rows * ((layers - 1) * perLower + hidden + attentionWidth(widths)) + headFloats(widths, targets, full);
  const own = checkpoint ? kept + hidden : 0;
  const transient = 6 * hidden + (2 + parts) * inner + 2 * widths.probabilities;
  const inBlock = (lower: number): number =>
    rows * (lower * perLower + own + transient) + merged(widths, full);
  const perBlock = trained.blocks / layers;
  const below = layers > 1 ? inBlock(layers - 1) + trained.others + 2 * perBlock : 0;
  const embedding = full ? rows * hidden + 2 * vocabulary * hidden : 0;
  const lowest = Math.max(layers > 1 ? inBlock(1) : 0, embedding) + trained.blocks + trained.others;
  return {
    peak: FLOAT * Math.max(atHead, below, lowest),
    gradients: FLOAT * (trained.blocks + trained.others),
  };
}

/**
 * Bytes of tensors that the selection's pass over one micro-batch holds at most, features included, beside weights.
 *
 * @param config - The model's shapes.
 * @param options - The micro-batch, and which features are made of the last block's input.
 * @remarks The largest of three moments: inside a block on the way up, in the loss of the last block, in its feed-forward net.
 */
export function selectionActivationBytes(
  config: ModelConfig,
  options: Pick<ActivationOptions, "examples" | "tokens" | "targets" | "fused"> & {
    readonly features: "none" | "spsa" | "last-value" | "last-block";
  },
): number {
  const { examples, tokens, targets, features } = options;
  const widths = widthsOf(config, { ...options, checkpoint: false, full: false });
  const { hidden, query, keyValue, inner, parts, probabilities } = widths;
  const rows = examples * tokens;
  const perForward = 6 * hidden + 2 * query + 2 * keyValue + (parts + 1) * inner + probabilities;
  const forward = rows * perForward;
  if (features === "none") return FLOAT * forward;
  const values = 3 * hidden + 2 * query + 3 * keyValue;
  const moments = {
    spsa: { perRow: values, loss: 4, feed: rows * hidden + targets * (7 * hidden + (parts + 1) * inner) },
    "last-value": { perRow: values, loss: 8, feed: targets * (8 * hidden + (2 * parts + 2) * inner) },
    "last-block": {
      perRow: hidden + 2 * query + 2 * keyValue,
      loss: 9,
      feed: rows * (4 * hidden + 3 * query + 4 * keyValue) + targets * (9 * hidden + parts * inner),
    },
  };
  const { perRow, loss, feed } = moments[features];
  const atLoss = targets * (loss * hidden + parts * inner) + chunkFloats(widths, targets);
  const last = rows * (perRow + probabilities) + Math.max(atLoss, feed + merged(widths, false));
  return FLOAT * Math.max(forward, last);
}

/** Bytes of the block inputs that reuse holds of a whole pool. */
export function reusedBytes(config: ModelConfig, rows: number): number {
  return FLOAT * config.numHiddenLayers * config.hiddenSize * rows;
}
