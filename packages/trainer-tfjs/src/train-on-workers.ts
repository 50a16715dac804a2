import type { GradientPiece, ModelWorkers } from "@colm/lm-tfjs";
import { dropoutOf } from "./pool-walk.ts";
import type { PiecesOptions, TrainingPass } from "./training-pass.ts";
import type { TrainingPiece } from "./training-pieces.ts";

/**
 * `trainOnPieces` by worker threads, the same bits: each piece is computed whole by one of them, and sums go in the order of the pieces.
 *
 * @param weights - Weight of each example with the normalization in it; `all` is their sum, above 0.
 * @param pieces - Micro-batches without passes of their own.
 */
export async function trainOnWorkers(
  workers: ModelWorkers,
  pieces: Iterable<TrainingPiece>,
  { weights, all }: { readonly weights: readonly number[]; readonly all: number },
  { checkpoint = false, dropout, signal, between, clock }: PiecesOptions,
): Promise<Omit<TrainingPass, "tokens">> {
  const parts: Float64Array[] = [];
  const sent: GradientPiece[] = [];
  for (const { members, batch, rows } of pieces) {
    const part = Float64Array.from(members, (at) => weights[at]);
    const share = part.reduce((a, b) => a + b, 0) / all;
    if (share === 0) continue;
    const draw = dropoutOf(dropout, members);
    parts.push(part);
    sent.push({ batch, weights: part, share, ...(rows && { rows }), ...(draw && { dropout: draw }) });
  }
  let told = Promise.resolve();
  const spent = { forward: 0, backward: 0 };
  const { losses, gradients } = await workers.lossAndGradients(sent, {
    checkpoint,
    onSeconds({ forward, backward }) {
      spent.forward += forward;
      spent.backward += backward;
    },
    ...(signal && { signal }),
    onProgress(done, count) {
      if (done === count || !between) return;
      told = told.then(between);
      // waited for below; until then its failure is no unhandled one
      told.catch(() => undefined);
    },
  });
  await told;
  // a callback may have stopped the run when the last piece was there already
  signal?.throwIfAborted();
  clock?.divide(spent);
  let loss = 0;
  for (const [k, part] of parts.entries()) {
    loss += losses[k].reduce((total, value, row) => total + (value * part[row]) / all, 0);
  }
  return { loss, gradients };
}
