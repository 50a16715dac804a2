// A TensorFlow.js classifier, a LayersModel, trained on weighted coresets of its pools.
//
//   node packages/trainer-tfjs/examples/classifier-loop.ts
//
// `model.fit` and `model.trainOnBatch` cannot weight examples: `sampleWeight` is refused ("not supported yet"), `classWeight` knows
// classes alone. Where all weights are 1, as in the selector's default mode, the gathered rows are enough, with a compiled model:
//
//   await model.trainOnBatch(tf.gather(inputs, rows), tf.gather(targets, rows));
//
// With weights, take the step yourself: `optimizer.minimize` derives the weighted mean of the losses for any LayersModel, below in
// `weightedStep`. Of the model nothing is read but its predictions.
import { matrix, normal } from "@colm/array";
import { createSelector } from "@colm/coreset";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { initializers, type LayersModel, layers, sequential } from "@tensorflow/tfjs-layers";

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

/** Two dense layers; the second gives logits and starts from zeros. */
function classifier(): LayersModel {
  const kernelInitializer = initializers.glorotNormal({ seed: 1 });
  const model = sequential();
  model.add(layers.dense({ units: hidden, activation: "tanh", kernelInitializer, inputShape: [2] }));
  model.add(layers.dense({ units: classes, kernelInitializer: "zeros" }));
  return model;
}

/** Predictions; `training` is what dropout and its like go by. */
function logitsOf(model: LayersModel, inputs: tf.Tensor, training = false): tf.Tensor {
  const output = model.apply(inputs, { training });
  if (output instanceof tf.Tensor) return output;
  throw new TypeError("the model must have one output");
}

/** One step on the weighted mean of the losses, `sum_i w_i loss_i / sum_i w_i`. */
function weightedStep(
  model: LayersModel,
  optimizer: tf.Optimizer,
  inputs: tf.Tensor,
  targets: tf.Tensor,
  weights: tf.Tensor,
): void {
  optimizer.minimize(() => tf.losses.softmaxCrossEntropy(targets, logitsOf(model, inputs, true), weights));
}

function heldOutLoss(model: LayersModel): string {
  const loss = tf.tidy(() => {
    const { inputs, targets } = draw(600, 0);
    return tf.losses.softmaxCrossEntropy(targets, logitsOf(model, inputs)).dataSync()[0];
  });
  return loss.toFixed(3);
}

const selector = createSelector({
  method: "grad-match",
  features: "last-block",
  budget,
  sources: { small: [false, true] },
});
const model = classifier();
const optimizer = tf.train.sgd(0.5);
let state = selector.init();
console.log(`before: held-out loss ${heldOutLoss(model)}`);
const tensors = tf.memory().numTensors;

for (let step = 1; step <= steps; step++) {
  const { inputs, targets, sources } = draw(pool, step);

  // gradients of the losses by the logits, probabilities - targets: a forward pass, no backward pass, whatever the model
  const residuals = tf.tidy(() => tf.sub(tf.softmax(logitsOf(model, inputs)), targets));
  const gradients = matrix(Float32Array.from(await residuals.data()), pool, classes);
  const { indices, weights, state: next } = await selector.select(state, { gradients, sources });
  state = next;

  tf.tidy(() => {
    const rows = tf.tensor1d(indices, "int32");
    weightedStep(model, optimizer, tf.gather(inputs, rows), tf.gather(targets, rows), tf.tensor1d(weights));
  });
  tf.dispose([inputs, targets, residuals]);
}

console.log(`after ${steps} steps on ${budget} of ${pool}: held-out loss ${heldOutLoss(model)}`);
console.log(`tensors left behind: ${tf.memory().numTensors - tensors}`);
