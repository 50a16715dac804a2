import * as tf from "@tensorflow/tfjs-core";
import type { GradientReceiver, Gradients, Parameter } from "./parameter.ts";
import { transposedProduct } from "./product.ts";

/** A receiver that sums over all rows into a map. */
export interface GradientSum extends GradientReceiver {
  /** Adds a gradient that is whole. */
  add(parameter: Parameter, gradient: tf.Tensor): void;
}

/** Sums the gradients by every trainable parameter into `gradients`. */
export function gradientSum(gradients: Gradients): GradientSum {
  const add = ({ name }: Parameter, gradient: tf.Tensor): void => {
    const before = gradients.get(name);
    gradients.set(name, tf.keep(before ? tf.add(before, gradient) : tf.clone(gradient)));
    before?.dispose();
  };
  return {
    wants: ({ value }) => value.trainable,
    add,
    addProduct(parameter, { a, b, scale = 1, turned = false }) {
      tf.tidy(() => {
        const product = transposedProduct(a, b);
        const placed = turned ? tf.transpose(product) : product;
        add(parameter, scale === 1 ? placed : tf.mul(placed, scale));
      });
    },
    addRows(parameter, terms) {
      // a product with a row of ones: summing over axis 0 is 10 times slower on the wasm back end
      tf.tidy(() => {
        const ones = tf.ones([1, terms.shape[0]]);
        add(parameter, tf.reshape(tf.matMul(ones, terms), parameter.value.shape));
      });
    },
  };
}

/** A zero gradient for each trainable parameter. */
export function zeroGradients(gradients: Gradients, parameters: readonly Parameter[]): void {
  for (const { name, value } of parameters) {
    if (value.trainable) gradients.set(name, tf.keep(tf.zerosLike(value)));
  }
}
