import * as tf from "@tensorflow/tfjs-core";
import { byChunks, crossEntropy, joinChunks } from "./cross-entropy.ts";
import { addGradient, type GradientSink, isWanted, type Parameter } from "./parameter.ts";
import { product, transposedProduct } from "./product.ts";
import { rmsNorm, rmsNormGradient } from "./rms-norm.ts";
import { scatterRows, takeRows } from "./rows.ts";

/** The final norm and the output projection `[vocabulary, hidden]`, which may be the embedding itself. */
export interface HeadWeights {
  readonly norm: Parameter;
  readonly projection: Parameter;
}

/** Logits `norm(y) W'`, `[n, vocabulary]`. */
export function headLogits({ norm, projection }: HeadWeights, y: tf.Tensor, normEpsilon: number): tf.Tensor {
  return tf.tidy(() => product(rmsNorm(y, norm, normEpsilon), tf.transpose(projection.value)));
}

/**
 * Cross-entropy of each row, `[n]`.
 *
 * @param y - Outputs of the last block for the rows that have a target, `[n, hidden]`.
 * @param targets - `n` token ids.
 */
export function headLosses(
  { norm, projection }: HeadWeights,
  y: tf.Tensor,
  targets: Int32Array,
  normEpsilon: number,
): tf.Tensor {
  return tf.tidy(() => {
    const h = rmsNorm(y, norm, normEpsilon);
    const projected = tf.transpose(projection.value);
    const parts = byChunks(
      h,
      targets,
      projection.value.shape[0],
      (rows, ids) => crossEntropy(product(rows, projected), ids).losses,
    );
    return joinChunks(parts, [0]);
  });
}

/**
 * The losses of `headLosses` and the gradient of `sum_i factors[i] loss_i` by `y`; adds those by the head's weights.
 *
 * @remarks `dh_i = factors[i] (p_i W - W[target_i])`, p the softmax: no one-hot array, no second array of logits' size.
 */
export function headGradient(
  { norm, projection }: HeadWeights,
  y: tf.Tensor,
  targets: Int32Array,
  factors: Float32Array,
  normEpsilon: number,
  gradients: GradientSink,
): { losses: tf.Tensor; dy: tf.Tensor } {
  const weight = projection.value;
  return tf.tidy(() => {
    const h = rmsNorm(y, norm, normEpsilon);
    const projected = tf.transpose(weight);
    const parts = byChunks(h, targets, weight.shape[0], (rows, ids, from) => {
      const { losses, probabilities } = crossEntropy(product(rows, projected), ids);
      const factor = tf.tensor(factors.slice(from, from + ids.length), [ids.length, 1]);
      if (isWanted(projection, gradients)) {
        const weighted = tf.mul(rows, factor);
        const spread = transposedProduct(probabilities, weighted);
        addGradient(gradients, projection, tf.sub(spread, scatterRows(weighted, ids, weight.shape[0])));
      }
      const pull = tf.sub(product(probabilities, weight), takeRows(weight, ids));
      return { losses, dh: tf.mul(pull, factor) };
    });
    const dh = joinChunks(
      parts.map((part) => part.dh),
      h.shape,
    );
    const losses = joinChunks(
      parts.map((part) => part.losses),
      [0],
    );
    return { losses, dy: rmsNormGradient(y, norm, normEpsilon, dh, gradients) };
  });
}

/** 1 where the largest logit of a row stands at its target (the lowest index wins a tie), else 0; `[n]`. */
export function headMatches(
  head: HeadWeights,
  y: tf.Tensor,
  targets: Int32Array,
  normEpsilon: number,
): tf.Tensor {
  return tf.tidy(() => {
    const parts = byChunks(y, targets, head.projection.value.shape[0], (rows, ids) =>
      tf.equal(tf.argMax(headLogits(head, rows, normEpsilon), -1), tf.tensor1d(ids, "int32")),
    );
    return joinChunks(parts, [0]);
  });
}
