// A TensorFlow.js classifier trained on weighted coresets of its pools.
//
//   node packages/trainer-tfjs/examples/classifier-loop.ts
//
// `LayersModel.fit` and `trainOnBatch` cannot weight examples: `sampleWeight` is refused, `classWeight` knows classes alone. Where all
// weights are 1, as in the selector's default mode, the gathered rows are enough:
//
//   await model.trainOnBatch(tf.gather(inputs, rows), tf.gather(targets, rows));
//
// With weights, the gradient is that of the weighted mean of the losses. `@tensorflow/tfjs` derives it for any LayersModel:
//
//   optimizer.minimize(() => {
//     const probabilities = model.apply(tf.gather(inputs, rows), { training: true });
//     const losses = tf.metrics.categoricalCrossentropy(tf.gather(targets, rows), probabilities);
//     return tf.mean(tf.mul(losses, weights));
//   });
//
// The model below is of two layers made of tensors and its gradient is written out, so that the example needs tfjs-core alone. All
// else is the same for a LayersModel: what is compared takes its predictions, and nothing that is inside it.
import { matrix, normal } from "@colm/array";
import { createSelector } from "@colm/coreset";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";

const [pool, budget, steps, hidden, classes] = [96, 24, 30, 16, 3];
await chooseBackend("cpu");

/** Clouds in the plane, one for each class; the third one's source is rare, one example in twelve. */
function draw(size: number, seed: number): { inputs: tf.Tensor; targets: tf.Tensor; sources: Int32Array } {
  const labels = Int32Array.from({ length: size }, (_, i) => (i % 12 === 0 ? 2 : i % 2));
  const points = normal(new Float32Array(2 * size), { seed }).map((value, at) => {
    const angle = (2 * Math.PI * labels[at >> 1]) / classes;
    return value + 2 * (at % 2 === 0 ? Math.cos(angle) : Math.sin(angle));
  });
  return {
    inputs: tf.tensor2d(points, [size, 2]),
    targets: tf.tidy(() => tf.cast(tf.oneHot(tf.tensor1d(labels, "int32"), classes), "float32")),
    sources: labels.map((label) => (label === 2 ? 1 : 0)),
  };
}

const initial = normal(new Float32Array(2 * hidden), { seed: 1, stream: 1 });
const inner = tf.variable(tf.tensor2d(initial, [2, hidden]), true, "inner");
const outer = tf.variable(tf.zeros<tf.Rank.R2>([hidden, classes]), true, "outer");

/** Class probabilities, `softmax(tanh(inputs inner) outer)`, and the layer before them. */
function predict(inputs: tf.Tensor): { activations: tf.Tensor; probabilities: tf.Tensor } {
  const activations = tf.tanh(tf.matMul(inputs, inner));
  return { activations, probabilities: tf.softmax(tf.matMul(activations, outer)) };
}

/** Gradients of the mean of `weights[i] * loss[i]`, by the names of the variables. */
function weightedGradients(inputs: tf.Tensor, targets: tf.Tensor, weights: tf.Tensor): tf.NamedTensorMap {
  const { activations, probabilities } = predict(inputs);
  const shares = tf.div(tf.reshape(weights, [-1, 1]), weights.size);
  const residuals = tf.mul(tf.sub(probabilities, targets), shares);
  const slopes = tf.sub(1, tf.square(activations));
  const behind = tf.mul(tf.matMul(residuals, outer, false, true), slopes);
  return { inner: tf.matMul(inputs, behind, true), outer: tf.matMul(activations, residuals, true) };
}

function heldOutLoss(): string {
  const loss = tf.tidy(() => {
    const { inputs, targets } = draw(600, 0);
    const { probabilities } = predict(inputs);
    return tf.neg(tf.mean(tf.sum(tf.mul(targets, tf.log(probabilities)), 1))).dataSync()[0];
  });
  return loss.toFixed(3);
}

const selector = createSelector({
  method: "grad-match",
  features: "last-block",
  budget,
  sources: { small: [false, true] },
});
const optimizer = tf.train.sgd(0.5);
let state = selector.init();
console.log(`before: held-out loss ${heldOutLoss()}`);
const tensors = tf.memory().numTensors;

for (let step = 1; step <= steps; step++) {
  const { inputs, targets, sources } = draw(pool, step);

  // gradients of the losses by the logits, probabilities - targets: a forward pass, no backward pass, whatever the model
  const residuals = tf.tidy(() => tf.sub(predict(inputs).probabilities, targets));
  const gradients = matrix(Float32Array.from(await residuals.data()), pool, classes);
  const { indices, weights, state: next } = await selector.select(state, { gradients, sources });
  state = next;

  // the weights' sum is the number of chosen examples, so the mean of the weighted losses is their weighted mean
  tf.tidy(() => {
    const rows = tf.tensor1d(indices, "int32");
    const chosen = [tf.gather(inputs, rows), tf.gather(targets, rows)] as const;
    optimizer.applyGradients(weightedGradients(...chosen, tf.tensor1d(weights)));
  });
  tf.dispose([inputs, targets, residuals]);
}

console.log(`after ${steps} steps on ${budget} of ${pool}: held-out loss ${heldOutLoss()}`);
console.log(`tensors left behind: ${tf.memory().numTensors - tensors}`);
