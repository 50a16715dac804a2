import { collate, type Example, IGNORED } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { breathe } from "./breathe.ts";

/**
 * How sure the model is of each example: the mean, over the positions before labelled tokens, of the largest probability
 * that it gives any token.
 *
 * @param model - Only read.
 * @param examples - At least one.
 * @param signal - Asked before each example.
 * @returns One number in [0, 1] for each; 1 where nothing is labelled.
 * @remarks One forward pass with all logits per example, `tokens * vocabulary` floats at a time.
 */
export async function confidences(
  model: CausalLM,
  examples: readonly Example[],
  signal: AbortSignal | undefined,
): Promise<Float64Array> {
  const out = new Float64Array(examples.length).fill(1);
  for (const [i, example] of examples.entries()) {
    const positions = labelledPositions(example);
    if (positions.length === 0) continue;
    await breathe(signal);
    const { data, shape } = await model.logits(collate([example]));
    const width = shape[1];
    let sum = 0;
    for (const t of positions) sum += largestProbability(data, t * width, width);
    out[i] = sum / positions.length;
  }
  return out;
}

function labelledPositions({ labels }: Example): number[] {
  const positions: number[] = [];
  for (let t = 0; t + 1 < labels.length; t++) if (labels[t + 1] !== IGNORED) positions.push(t);
  return positions;
}

/** The largest entry of the softmax of `width` numbers from `start`: `1 / sum_j exp(x_j - max)`. */
function largestProbability(x: Float32Array | Float64Array, start: number, width: number): number {
  let most = x[start];
  for (let j = start + 1; j < start + width; j++) if (x[j] > most) most = x[j];
  let sum = 0;
  for (let j = start; j < start + width; j++) {
    const below = x[j] - most;
    // e^-40 is under the rounding of the sum, which is at least 1
    if (below > -40) sum += Math.exp(below);
  }
  return 1 / sum;
}
