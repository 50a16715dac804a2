import { describe, requireIndices, requireVector } from "@colm/array";
import type { Batch } from "@colm/data";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { batchDropout, type DropoutDraw } from "../passes/batch-dropout.ts";
import type { LossOptions } from "../passes/loss-and-gradients.ts";
import { requireBatch } from "../passes/require-batch.ts";
import type { Tasks } from "./messages.ts";

/** One micro-batch of a training step: the options of `lossAndGradients` that belong to it alone. */
export interface GradientPiece extends Pick<LossOptions, "weights" | "rows" | "dropout"> {
  /** Right-padded examples. Read, not kept. */
  readonly batch: Batch;
  /**
   * Factor of the piece's gradient in the sum, at least 0. Default: the weights of its examples over those of all pieces, which gives the
   * gradient of the weighted mean over all examples.
   */
  readonly share?: number;
}

/** A checked piece, ready to be sent. */
export interface ReadyPiece {
  readonly batch: Batch;
  readonly options: Omit<Tasks["lossAndGradients"]["options"], "checkpoint">;
  readonly share: number;
}

/** Checks batches, and copies what is sent: of a view the whole memory would go along. */
export function readyBatches(caller: string, batches: readonly Batch[], config: ModelConfig): Batch[] {
  requirePieces(caller, batches);
  for (const batch of batches) requireBatch(caller, batch, config);
  return batches.map(({ inputIds, attentionMask, labels, shape: [rows, tokens] }) => ({
    inputIds: Int32Array.from(inputIds),
    attentionMask: Int32Array.from(attentionMask),
    labels: Int32Array.from(labels),
    shape: [rows, tokens],
  }));
}

/** The same for pieces of a training step, and their shares of the sum. */
export function readyPieces(caller: string, pieces: readonly GradientPiece[], model: CausalLM): ReadyPiece[] {
  requirePieces(caller, pieces);
  const batches = readyBatches(
    caller,
    pieces.map(({ batch }) => batch),
    model.config,
  );
  const totals = pieces.map((piece, k) => totalWeight(caller, piece, k));
  const all = totals.reduce((sum, total) => sum + total, 0);
  return pieces.map(({ batch, weights, rows, dropout, share }, k) => {
    batchDropout(caller, model, batch.shape[0], dropout, true);
    if (share !== undefined && !(share >= 0 && share < Infinity)) {
      throw new RangeError(
        `${caller}: "pieces[${k}].share" must be a number of at least 0, got ${describe(share)}`,
      );
    }
    return {
      batch: batches[k],
      options: {
        ...(weights && { weights: Float64Array.from(weights) }),
        ...(rows && { rows: Int32Array.from(rows) }),
        ...(dropout !== undefined && { dropout: sentDraw(dropout) }),
      },
      share: share ?? totals[k] / all,
    };
  });
}

function requirePieces(caller: string, pieces: readonly unknown[]): void {
  if (!Array.isArray(pieces)) {
    throw new TypeError(`${caller}: "pieces" must be an array, got ${describe(pieces)}`);
  }
  if (pieces.length === 0) throw new RangeError(`${caller}: "pieces" must have at least 1 entry, got 0`);
}

/** The sum of a piece's weights, which the pass over it divides by. */
function totalWeight(caller: string, { batch, rows, weights }: GradientPiece, k: number): number {
  if (rows) requireIndices(caller, `pieces[${k}].rows`, rows, batch.shape[0], false);
  const size = rows ? rows.length : batch.shape[0];
  if (weights === undefined) return size;
  requireVector(caller, `pieces[${k}].weights`, weights, size);
  let sum = 0;
  for (let i = 0; i < size; i++) {
    if (weights[i] < 0) {
      throw new RangeError(`${caller}: "pieces[${k}].weights" must be at least 0, got ${weights[i]} at ${i}`);
    }
    sum += weights[i];
  }
  if (sum === 0) throw new RangeError(`${caller}: "pieces[${k}].weights" must not be all 0`);
  return sum;
}

function sentDraw(draw: DropoutDraw | false): DropoutDraw | false {
  if (draw === false) return false;
  const { seed, step, examples } = draw;
  return { seed, step, ...(examples && { examples: Array.from(examples) }) };
}
