import * as tf from "@tensorflow/tfjs-core";
import { type Dropout, dropEntries } from "./dropout.ts";
import { type GradientSink, type Parameter, valuesOf } from "./parameter.ts";
import { product, productWithTransposed, sumOfProducts } from "./product.ts";

/** `y = x W' + b`, `W = weight + scale up down`, the low-rank term only with an adapter. */
export interface Linear {
  /** `[out, in]`, or `[in, out]` where `transposed`. */
  readonly weight: Parameter;
  readonly bias?: Parameter;
  /** Whether the file holds `W'`, as the Conv1D of GPT-2 does. */
  readonly transposed: boolean;
  readonly adapter?: Adapter;
}

/** A LoRA pair: `down` (PEFT's lora_A) is `[rank, in]`, `up` (lora_B) `[out, rank]`, whichever way the weight lies. */
export interface Adapter {
  readonly down: Parameter;
  readonly up: Parameter;
  /** `alpha / rank`, or `alpha / sqrt(rank)` where it is rank-stabilised. */
  readonly scale: number;
  /** Number of this adapter in its model: its dropout mask is drawn by it. */
  readonly site: number;
}

/**
 * The weight that acts, lying as `weight` does. Merging costs one small product per pass and saves the adapter's two skinny
 * products over all tokens; without an adapter it is what `valuesOf` gives, so call it in a tidy then.
 */
export function mergedWeight({ weight, transposed, adapter }: Linear): tf.Tensor {
  if (!adapter) return valuesOf(weight);
  return tf.tidy(() => {
    const change = tf.mul(tf.matMul(adapter.up.value, adapter.down.value), adapter.scale);
    return tf.add(valuesOf(weight), transposed ? tf.transpose(change) : change);
  });
}

/** `y = x W' + b` for rows `x` `[n, in]`. */
export function applyLinear(linear: Linear, x: tf.Tensor, dropout?: Dropout): tf.Tensor {
  const { bias } = linear;
  return tf.tidy(() => {
    const y = withoutBias(linear, x, dropout);
    return bias ? tf.add(y, bias.value) : y;
  });
}

function withoutBias(linear: Linear, x: tf.Tensor, dropout: Dropout | undefined): tf.Tensor {
  const { weight, transposed, adapter } = linear;
  if (adapter && dropout) {
    const low = productWithTransposed(dropEntries(x, dropout, adapter.site), adapter.down.value);
    return sumOfProducts([
      [x, valuesOf(weight), !transposed],
      [tf.mul(low, adapter.scale), adapter.up.value, true],
    ]);
  }
  const merged = mergedWeight(linear);
  return transposed ? product(x, merged) : productWithTransposed(x, merged);
}

/** Adds the gradients by the trainable parameters of one linear map, given its input and the gradient by its output. */
export function linearGradients(
  { weight, bias, transposed, adapter }: Linear,
  x: tf.Tensor,
  dy: tf.Tensor,
  sink: GradientSink,
  dropout?: Dropout,
): void {
  if (!sink) return;
  tf.tidy(() => {
    if (sink.wants(weight)) sink.addProduct(weight, transposed ? { a: x, b: dy } : { a: dy, b: x });
    if (bias && sink.wants(bias)) sink.addRows(bias, dy);
    if (!adapter || !(sink.wants(adapter.up) || sink.wants(adapter.down))) return;
    const { down, up, scale, site } = adapter;
    const input = dropout ? dropEntries(x, dropout, site) : x;
    if (sink.wants(up)) {
      const low = productWithTransposed(input, down.value);
      sink.addProduct(up, { a: dy, b: low, scale });
    }
    // the narrow factor second: its columns are one panel, and tiles of the wide one are whole
    if (sink.wants(down)) sink.addProduct(down, { a: input, b: product(dy, up.value), scale, turned: true });
  });
}

/** The gradient by the input that several linear maps share, from those by their outputs. */
export function inputGradient(
  pairs: readonly (readonly [linear: Linear, dy: tf.Tensor])[],
  dropout?: Dropout,
): tf.Tensor {
  return tf.tidy(() => {
    const whole = sumOfProducts(
      pairs.map(([linear, dy]) => {
        const weight = dropout ? valuesOf(linear.weight) : mergedWeight(linear);
        return [dy, weight, linear.transposed] as const;
      }),
    );
    if (!dropout) return whole;
    return pairs.reduce((dx: tf.Tensor, [{ adapter }, dy]) => {
      if (!adapter) return dx;
      const low = tf.mul(product(dy, adapter.up.value), adapter.scale);
      return tf.add(dx, dropEntries(product(low, adapter.down.value), dropout, adapter.site));
    }, whole);
  });
}
