import * as tf from "@tensorflow/tfjs-core";
import { byChunks, crossEntropy, joinChunks } from "./cross-entropy.ts";
import type { GradientSum } from "./gradient-sum.ts";
import { type Norm, normalize, normalizeGradient } from "./norm.ts";
import { type Parameter, valuesOf } from "./parameter.ts";
import { product, productWithTransposed, transposedProduct } from "./product.ts";
import { scatterRows, takeRows } from "./rows.ts";

/** The final norm and the output projection `[vocabulary, hidden]`, which may be the embedding itself; its bias where there is one. */
export interface HeadWeights {
  readonly norm: Norm;
  readonly projection: Parameter;
  readonly bias?: Parameter;
}

/** Logits `norm(y) W' + b`, `[n, vocabulary]`. */
export function headLogits(head: HeadWeights, y: tf.Tensor): tf.Tensor {
  return tf.tidy(() => logitsOf(valuesOf(head.projection), head.bias, normalize(y, head.norm)));
}

function logitsOf(weight: tf.Tensor, bias: Parameter | undefined, h: tf.Tensor): tf.Tensor {
  const logits = productWithTransposed(h, weight);
  return bias ? tf.add(logits, bias.value) : logits;
}

/**
 * Cross-entropy of each row, `[n]`.
 *
 * @param y - Outputs of the last block for the rows that have a target, `[n, hidden]`.
 * @param targets - `n` token ids.
 */
export function headLosses(head: HeadWeights, y: tf.Tensor, targets: Int32Array): tf.Tensor {
  const { norm, projection, bias } = head;
  return tf.tidy(() => {
    const weight = valuesOf(projection);
    const h = normalize(y, norm);
    const parts = byChunks(
      h,
      targets,
      weight.shape[0],
      (rows, ids) => crossEntropy(logitsOf(weight, bias, rows), ids, false).losses,
    );
    return joinChunks(parts, [0]);
  });
}

/** Where a training pass turns: it goes `forward` from here on, or `backward`, recomputing included. */
export type TurnListener = (direction: "forward" | "backward") => void;

/**
 * The losses of `headLosses` and the gradient of `sum_i factors[i] loss_i` by `y`; adds those by the head's weights.
 *
 * @param onTurn - Told where a chunk of logits turns from losses to gradients, and where the next one begins.
 * @remarks `dh_i = factors[i] (p_i W - W[target_i])`, p the softmax: no one-hot array, no second array of logits' size.
 */
export function headGradient(
  head: HeadWeights,
  y: tf.Tensor,
  targets: Int32Array,
  factors: Float32Array,
  sum: GradientSum | undefined,
  onTurn?: TurnListener,
): { losses: tf.Tensor; dy: tf.Tensor } {
  const { norm, projection, bias } = head;
  return tf.tidy(() => {
    const weight = valuesOf(projection);
    const h = normalize(y, norm);
    const parts = byChunks(h, targets, weight.shape[0], (rows, ids, from) => {
      onTurn?.("forward");
      const { losses, probabilities } = crossEntropy(logitsOf(weight, bias, rows), ids, true);
      onTurn?.("backward");
      const factor = tf.tensor(factors.slice(from, from + ids.length), [ids.length, 1]);
      if (sum?.wants(projection)) {
        const weighted = tf.mul(rows, factor);
        const spread = transposedProduct(probabilities, weighted);
        sum.add(projection, tf.sub(spread, scatterRows(weighted, ids, weight.shape[0])));
      }
      if (bias && sum?.wants(bias)) {
        const spread = tf.matMul(tf.reshape(factor, [1, ids.length]), probabilities);
        const hits = scatterRows(factor, ids, weight.shape[0]);
        sum.add(bias, tf.sub(tf.reshape(spread, [-1]), tf.reshape(hits, [-1])));
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
    return { losses, dy: normalizeGradient(y, norm, dh, sum) };
  });
}

/** 1 where the largest logit of a row stands at its target (the lowest index wins a tie), else 0; `[n]`. */
export function headMatches(head: HeadWeights, y: tf.Tensor, targets: Int32Array): tf.Tensor {
  const { norm, projection, bias } = head;
  return tf.tidy(() => {
    const weight = valuesOf(projection);
    const parts = byChunks(y, targets, weight.shape[0], (rows, ids) => {
      const logits = logitsOf(weight, bias, normalize(rows, norm));
      return tf.equal(tf.argMax(logits, -1), tf.tensor1d(ids, "int32"));
    });
    return joinChunks(parts, [0]);
  });
}
