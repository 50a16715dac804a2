import { type Batch, collate, type Example } from "@colm/data";
import type { PoolInputs } from "@colm/lm-tfjs";
import { microBatches } from "./micro-batches.ts";
import type { HeldPass } from "./pool-walk.ts";

/** One micro-batch of a training step. */
export interface TrainingPiece {
  /** Places, among the examples trained on, of its examples. */
  readonly members: readonly number[];
  readonly batch: Batch;
  /** Rows of `batch` that are the members; all when absent. */
  readonly rows?: Int32Array;
  /** A pass over `batch` to start from. */
  readonly pass?: PoolInputs;
}

/** The examples in micro-batches of like length. */
export function* freshPieces(examples: readonly Example[], size: number): Generator<TrainingPiece> {
  const lengths = examples.map(({ inputIds }) => inputIds.length);
  for (const members of microBatches(lengths, size)) {
    yield { members, batch: collate(members.map((at) => examples[at])) };
  }
}

/**
 * The chosen examples of a pool in the micro-batches of its passes, each cut into pieces of `size` at most.
 *
 * @param passes - Passes over the whole pool; each is freed when its pieces are done.
 * @param indices - Places in the pool of the examples trained on.
 */
export function* reusedPieces(
  passes: readonly HeldPass[],
  indices: ArrayLike<number>,
  size: number,
): Generator<TrainingPiece> {
  for (const { positions, inputs } of passes) {
    const rowOf = new Map(positions.map((at, row) => [at, row]));
    const found = Array.from(indices).flatMap((at, member) => {
      const row = rowOf.get(at);
      return row === undefined ? [] : [{ member, row }];
    });
    for (let from = 0; from < found.length; from += size) {
      const part = found.slice(from, from + size);
      yield {
        members: part.map(({ member }) => member),
        batch: inputs.batch,
        rows: Int32Array.from(part, ({ row }) => row),
        pass: inputs,
      };
    }
    inputs.dispose();
  }
}
