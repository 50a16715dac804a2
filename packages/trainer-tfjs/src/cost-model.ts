import type { CausalLM } from "@colm/lm-tfjs";
import { blockOf, isFactor } from "./block-names.ts";

/** What the arithmetic of a model costs, in floating-point operations (a multiplication and an addition count as two). */
export interface CostModel {
  /** One forward pass over sequences of these lengths, with logits at `targets` positions in all. */
  forward(lengths: ArrayLike<number>, targets: number): number;
  /** The last block and the head alone. */
  last(lengths: ArrayLike<number>, targets: number): number;
  /** Backward pass per forward pass: 1 where activations alone get gradients, 2 where every weight does. */
  readonly backwardRatio: number;
}

/**
 * The cost model of COLM: a linear map of p weights takes `2 p` operations a token, causal attention `2 heads size T^2` a
 * sequence and block, the head `2 hidden vocabulary` a target.
 *
 * @param model - Only its shapes are read.
 * @remarks Norms, rotations, activations and the adapter's merge are left out: they are O(hidden) a token.
 */
export function costModel(model: CausalLM): CostModel {
  const { numHiddenLayers: layers, numAttentionHeads: heads, headDim } = model.config;
  const parameters = model.allParameters();
  const inBlocks = parameters.filter(({ name }) => blockOf(name) >= 0 && !isFactor(name));
  const linear = inBlocks.reduce((sum, { value }) => sum + (value.rank === 2 ? value.size : 0), 0) / layers;
  const head = 2 * model.config.hiddenSize * model.config.vocabSize;
  const block = (lengths: ArrayLike<number>): number => {
    let sum = 0;
    for (let i = 0; i < lengths.length; i++) {
      sum += 2 * linear * lengths[i] + 2 * heads * headDim * lengths[i] ** 2;
    }
    return sum;
  };
  return {
    forward: (lengths, targets) => layers * block(lengths) + head * targets,
    last: (lengths, targets) => block(lengths) + head * targets,
    backwardRatio: inBlocks.some(({ value }) => value.trainable && value.rank === 2) ? 2 : 1,
  };
}
