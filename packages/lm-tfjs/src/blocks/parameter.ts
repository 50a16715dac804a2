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

/** Where gradients by parameters go: undefined when only those by activations are wanted. */
export type GradientSink = Gradients | undefined;

/** Whether a gradient by this parameter is wanted. */
export function isWanted({ value }: Parameter, sink: GradientSink): sink is Gradients {
  return sink !== undefined && value.trainable;
}

/** Adds `gradient` to what the map holds for the parameter. */
export function addGradient(gradients: Gradients, { name }: Parameter, gradient: tf.Tensor): void {
  const before = gradients.get(name);
  gradients.set(name, tf.keep(before ? tf.add(before, gradient) : tf.clone(gradient)));
  before?.dispose();
}

/** A zero gradient for each trainable parameter. */
export function zeroGradients(gradients: Gradients, parameters: readonly Parameter[]): void {
  for (const { name, value } of parameters) {
    if (value.trainable) gradients.set(name, tf.keep(tf.zerosLike(value)));
  }
}
