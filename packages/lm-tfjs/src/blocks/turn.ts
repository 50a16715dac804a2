import * as tf from "@tensorflow/tfjs-core";
import { type Norm, normalize, normalizeGradient } from "./norm.ts";
import type { GradientSink } from "./parameter.ts";
import { type RotaryTable, rotate } from "./rotary.ts";

/** Norms of each head of queries and of keys, before they are rotated. */
export interface HeadNorms {
  readonly query: Norm;
  readonly key: Norm;
}

/** How queries and keys become what attention compares. */
export interface Turning {
  readonly headSize: number;
  readonly headNorms?: HeadNorms | undefined;
  /** Absent where positions are learned. */
  readonly rotary?: RotaryTable | undefined;
}

/** Each head of queries and keys normed where there are such norms, then rotated by its position. */
export function turn(q: tf.Tensor, k: tf.Tensor, turning: Turning): { q: tf.Tensor; k: tf.Tensor } {
  const { headNorms, headSize, rotary } = turning;
  const ready = (x: tf.Tensor, norm: Norm | undefined): tf.Tensor => {
    const normed = norm ? byHead(x, headSize, (heads) => normalize(heads, norm)) : x;
    return rotary ? rotate(normed, rotary, headSize) : tf.clone(normed);
  };
  return tf.tidy(() => ({ q: ready(q, headNorms?.query), k: ready(k, headNorms?.key) }));
}

/** The gradients by the queries and keys that went into `turn`; `raw` are those, where their heads are normed. */
export function turnGradient(
  raw: { readonly q: tf.Tensor; readonly k: tf.Tensor } | undefined,
  dq: tf.Tensor,
  dk: tf.Tensor,
  turning: Turning,
  sink: GradientSink,
): [dq: tf.Tensor, dk: tf.Tensor] {
  const { headNorms, headSize, rotary } = turning;
  const back = (dx: tf.Tensor, x: tf.Tensor | undefined, norm: Norm | undefined): tf.Tensor => {
    const dnormed = rotary ? rotate(dx, rotary, headSize, -1) : tf.clone(dx);
    if (!norm || !x) return dnormed;
    return byHead(dnormed, headSize, (heads) =>
      normalizeGradient(tf.reshape(x, heads.shape), norm, heads, sink),
    );
  };
  return tf.tidy(() => [back(dq, raw?.q, headNorms?.query), back(dk, raw?.k, headNorms?.key)]);
}

/** Applies a function of rows to each head of `x` `[n, heads size]`. */
function byHead(x: tf.Tensor, headSize: number, change: (heads: tf.Tensor) => tf.Tensor): tf.Tensor {
  return tf.reshape(change(tf.reshape(x, [-1, headSize])), x.shape);
}
