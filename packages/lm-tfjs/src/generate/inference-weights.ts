import * as tf from "@tensorflow/tfjs-core";
import { type HeadWeights, headLogits } from "../blocks/head.ts";
import { type Linear, mergedWeight } from "../blocks/linear.ts";
import { normalize } from "../blocks/norm.ts";
import { valuesOf } from "../blocks/parameter.ts";
import { product } from "../blocks/product.ts";
import { type ModelWeights, mapLinears } from "../model/weights.ts";

/** Weights that are only read, many times over: adapters are merged in once. It owns what it made. */
export interface InferenceWeights {
  readonly weights: ModelWeights;
  /** Logits of rows of the last block's output, `[n, vocabulary]`. */
  logits(y: tf.Tensor): tf.Tensor;
  dispose(): void;
}

/**
 * The weights of a model for passes over one or several rows at a time.
 *
 * @param several - Whether products are of several rows: every linear map is then copied once as its transpose, which such a product
 *   reads, instead of being transposed for each token. One row reads the weights as they are, and unmerged ones are shared.
 */
export function inferenceWeights(weights: ModelWeights, several: boolean): InferenceWeights {
  const made: tf.Variable[] = [];
  const keep = (value: tf.Tensor): tf.Variable => {
    const kept = tf.variable(value, false);
    made.push(kept);
    return kept;
  };
  const change = (linear: Linear): Linear => {
    const { adapter, ...plain } = linear;
    const turns = several && !plain.transposed;
    if (!adapter && !turns) return plain;
    const value = tf.tidy(() => {
      const merged = mergedWeight(linear);
      return keep(turns ? tf.transpose(merged) : merged);
    });
    return { ...plain, transposed: turns || plain.transposed, weight: { name: plain.weight.name, value } };
  };
  const blocks = mapLinears(weights.blocks, change);
  const { head } = weights;
  const turned = several ? tf.tidy(() => keep(tf.transpose(valuesOf(head.projection)))) : undefined;
  return {
    weights: { ...weights, blocks },
    logits: (y) => nextLogits(head, y, turned),
    dispose: () => tf.dispose(made),
  };
}

function nextLogits(head: HeadWeights, y: tf.Tensor, turned: tf.Tensor | undefined): tf.Tensor {
  const [rows, hidden] = y.shape;
  if (!turned && rows > 1) return headLogits(head, y);
  return tf.tidy(() => {
    const h = normalize(y, head.norm);
    const { projection, bias } = head;
    // one row needs no transpose of the largest matrix of all
    const z = turned
      ? product(h, turned)
      : tf.reshape(tf.matMul(valuesOf(projection), tf.reshape(h, [hidden, 1])), [1, -1]);
    return bias ? tf.add(z, bias.value) : z;
  });
}
