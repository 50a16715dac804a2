import * as tf from "@tensorflow/tfjs-core";
import {
  type BlockSetting,
  type FeedPass,
  feed,
  feedGradient,
  type MixPass,
  mix,
  mixGradient,
} from "../blocks/block.ts";
import { dropoutRows } from "../blocks/dropout.ts";
import { embedGradient } from "../blocks/embedding.ts";
import type { GradientSum } from "../blocks/gradient-sum.ts";
import { headGradient, type TurnListener } from "../blocks/head.ts";
import { scatterRows, takeRows } from "../blocks/rows.ts";
import { blockParameters, type ModelWeights } from "../model/weights.ts";
import { blockOutput } from "./forward.ts";
import type { Targets } from "./targets.ts";

/** A block's input and, unless it is to be recomputed, what its forward pass kept. */
export interface BlockRecord {
  readonly x: tf.Tensor;
  readonly kept?: { readonly mixPass: MixPass; readonly feedPass: FeedPass };
}

/** Runs all blocks but the last, keeping what their backward passes need, or their inputs alone. */
export function recordBlocks(
  { blocks }: ModelWeights,
  embedded: tf.Tensor,
  setting: BlockSetting,
  inputsOnly: boolean,
): BlockRecord[] {
  const records: BlockRecord[] = [];
  let x = embedded;
  for (const block of blocks.slice(0, -1)) {
    const input = x;
    if (inputsOnly) {
      records.push({ x: input });
      x = blockOutput(block, input, setting);
    } else {
      const run = runBlock(block, input, setting);
      records.push({ x: input, kept: run.kept });
      x = run.y;
    }
  }
  records.push({ x });
  return records;
}

function runBlock(
  block: ModelWeights["blocks"][number],
  x: tf.Tensor,
  setting: BlockSetting,
): { y: tf.Tensor; kept: { mixPass: MixPass; feedPass: FeedPass } } {
  return tf.tidy(() => {
    const mixed = mix(block, x, setting);
    const fed = feed(block, x, mixed.context, setting.dropout);
    return { y: fed.y, kept: { mixPass: mixed.pass, feedPass: fed.pass } };
  });
}

/**
 * The losses of all targets and the gradients of `sum_i factors[i] loss_i`, walking the blocks downwards from `records`
 * as far as something is trainable. Each record is freed once it is used. Call it in a tidy.
 *
 * @param onTurn - Told where losses turn to gradients; the last block and the head go forward before.
 * @returns The losses, `[targets]`; gradients are added to `sum`.
 */
export function backwardPass(
  weights: ModelWeights,
  records: readonly BlockRecord[],
  inputIds: Int32Array,
  setting: BlockSetting,
  targets: Targets,
  factors: Float32Array,
  sum: GradientSum,
  onTurn?: TurnListener,
): tf.Tensor {
  const { blocks, head } = weights;
  const last = blocks.length - 1;
  const lowest = lowestTrainable(weights);
  const { x } = records[last];
  const top = tf.tidy(() => {
    const mixed = mix(blocks[last], x, setting);
    const dropout = dropoutRows(setting.dropout, targets.rows);
    const fed = feed(blocks[last], takeRows(x, targets.rows), takeRows(mixed.context, targets.rows), dropout);
    const { losses, dy } = headGradient(head, fed.y, targets.ids, factors, sum, onTurn);
    if (lowest > last) return { losses };
    const { dx, dcontext } = feedGradient(blocks[last], fed.pass, dy, sum, dropout);
    const spread = scatterRows(dcontext, targets.rows, x.shape[0]);
    const through = mixGradient(blocks[last], x, setting, mixed.pass, spread, sum, lowest < last);
    if (!through) return { losses };
    return { losses, dx: tf.add(scatterRows(dx, targets.rows, x.shape[0]), through) };
  });
  x.dispose();
  let dx = "dx" in top ? top.dx : undefined;
  for (let index = last - 1; index >= Math.max(lowest, 0) && dx; index--) {
    const dy: tf.Tensor = dx;
    dx = blockGradient(blocks[index], records[index], setting, dy, sum, lowest < index);
    tf.dispose([dy, records[index].x, records[index].kept ?? []]);
  }
  if (dx && lowest < 0) embedGradient(weights, inputIds, setting.shape.tokens, dx, sum);
  return top.losses;
}

function blockGradient(
  block: ModelWeights["blocks"][number],
  { x, kept }: BlockRecord,
  setting: BlockSetting,
  dy: tf.Tensor,
  sum: GradientSum,
  below: boolean,
): tf.Tensor | undefined {
  return tf.tidy(() => {
    const { mixPass, feedPass } = kept ?? runBlock(block, x, setting).kept;
    const { dx, dcontext } = feedGradient(block, feedPass, dy, sum, setting.dropout);
    const through = mixGradient(block, x, setting, mixPass, dcontext, sum, below);
    return through && tf.add(dx, through);
  });
}

/** Index of the lowest block with a trainable parameter: -1 for the embeddings, the number of blocks for the head alone. */
function lowestTrainable({ embedding, positions, blocks }: ModelWeights): number {
  if (embedding.value.trainable || positions?.value.trainable) return -1;
  const index = blocks.findIndex((block) => blockParameters(block).some(({ value }) => value.trainable));
  return index === -1 ? blocks.length : index;
}
