import * as tf from "@tensorflow/tfjs-core";

/** One named weight of a model, in the shape of the Hugging Face or PEFT file it comes from or goes to. */
export interface Parameter {
  readonly name: string;
  /** The values; `value.trainable` says whether gradients are taken by it. */
  readonly value: tf.Variable;
}

/** Gradients by parameter name. Its tensors outlive `tf.tidy`; whoever receives the map disposes of them. */
export type Gradients = Map<string, tf.Tensor>;

/** Makes a parameter of `data`, which is copied. */
export function parameter(
  name: string,
  data: Float32Array,
  shape: readonly number[],
  trainable: boolean,
): Parameter {
  // no engine-wide variable name: two models may hold weights of the same name
  return { name, value: tf.tidy(() => tf.variable(tf.tensor(data, [...shape]), trainable)) };
}

/** A gradient that is a sum over the rows of two tall matrices: `scale a' b`, or its transpose where it is `turned`. */
export interface ProductTerms {
  readonly a: tf.Tensor;
  readonly b: tf.Tensor;
  readonly scale?: number;
  readonly turned?: boolean;
}

/**
 * What receives the gradients by the parameters of a block, in the pieces that its backward pass makes; undefined when only those by
 * activations are wanted. Every gradient is a sum over rows, so that a receiver may sum over all of them or over those of one example.
 */
export type GradientSink = GradientReceiver | undefined;

export interface GradientReceiver {
  /** Whether a gradient by this parameter is wanted. */
  wants(parameter: Parameter): boolean;
  /** Adds `scale a' b`. */
  addProduct(parameter: Parameter, terms: ProductTerms): void;
  /** Adds the sum over the rows of `terms` `[n, width]`. */
  addRows(parameter: Parameter, terms: tf.Tensor): void;
}
