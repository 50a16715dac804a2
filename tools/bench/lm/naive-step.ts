import type { Batch } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
// it brings the gradients of the plain operations, which tfjs-core alone does not register
import "@tensorflow/tfjs-layers";
import * as tf from "@tensorflow/tfjs-core";
import { PROJECTIONS, type Shape } from "./model.ts";

/** The step as one would write it first: plain operations and `tf.variableGrads`. */
export interface NaiveStep {
  /** Mean loss, and the gradient by the first LoRA factor as a witness. */
  run(): Promise<{ loss: number; gradient: Float32Array }>;
  /** Name of that factor. */
  readonly witness: string;
  dispose(): void;
}

/** The same model as `model`, from its parameters, in plain TensorFlow.js; biases and grouped heads are not needed here. */
export async function naiveStep(model: CausalLM, batch: Batch, shape: Shape): Promise<NaiveStep> {
  const frozen = new Map<string, tf.Tensor>();
  const factors = new Map<string, tf.Variable>();
  for (const [name, { shape, trainable, data }] of model.parameters()) {
    const tensor = tf.tensor(await data(), shape);
    if (trainable) {
      factors.set(name, tf.variable(tensor));
      tensor.dispose();
    } else frozen.set(name, tensor);
  }
  const [examples, tokens] = batch.shape;
  const { hidden, heads, layers, rank, vocabulary } = shape;
  const size = hidden / heads;
  const inputs = tf.tensor1d(batch.inputIds, "int32");
  const targets = tf.tensor1d(nextTokens(batch), "int32");
  const angles = tf.tensor(
    Array.from({ length: tokens * (size / 2) }, (_, at) => {
      const position = Math.floor(at / (size / 2));
      return position / 10000 ** ((2 * (at % (size / 2))) / size);
    }),
    [1, tokens, 1, size / 2],
  );
  const [cosines, sines] = [tf.cos(angles), tf.sin(angles)];
  const future = tf.tidy(() => tf.mul(tf.sub(1, tf.linalg.bandPart(tf.ones([tokens, tokens]), -1, 0)), -1e9));

  const weight = (name: string): tf.Tensor => required(frozen, name);
  const norm = (x: tf.Tensor, name: string): tf.Tensor =>
    tf.mul(tf.mul(x, tf.rsqrt(tf.add(tf.mean(tf.square(x), -1, true), 1e-5))), weight(name));
  const linear = (x: tf.Tensor, module: string): tf.Tensor => {
    const [a, b] = ["A", "B"].map((factor) =>
      required(factors, `base_model.model.${module}.lora_${factor}.weight`),
    );
    const low = tf.matMul(tf.matMul(x, a, false, true), b, false, true);
    return tf.add(tf.matMul(x, weight(`${module}.weight`), false, true), tf.mul(low, (2 * rank) / rank));
  };
  const rotate = (x: tf.Tensor): tf.Tensor => {
    const [first, second] = tf.split(x, 2, 3);
    const turned = [
      tf.sub(tf.mul(first, cosines), tf.mul(second, sines)),
      tf.add(tf.mul(second, cosines), tf.mul(first, sines)),
    ];
    return tf.concat(turned, 3);
  };
  const split = (x: tf.Tensor): tf.Tensor => tf.reshape(x, [examples, tokens, heads, size]);
  const block = (x: tf.Tensor, layer: string): tf.Tensor => {
    const normed = norm(x, `${layer}.input_layernorm.weight`);
    const [q, k, v] = PROJECTIONS.slice(0, 3).map((name) =>
      split(linear(normed, `${layer}.self_attn.${name}`)),
    );
    const [queries, keys, values] = [rotate(q), rotate(k), v].map((part) => tf.transpose(part, [0, 2, 1, 3]));
    const scores = tf.mul(tf.matMul(queries, keys, false, true), 1 / Math.sqrt(size));
    const mixed = tf.matMul(tf.softmax(tf.add(scores, future)), values);
    const context = tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [examples * tokens, hidden]);
    const h = tf.add(x, linear(context, `${layer}.self_attn.o_proj`));
    const normedAgain = norm(h, `${layer}.post_attention_layernorm.weight`);
    const gate = linear(normedAgain, `${layer}.mlp.gate_proj`);
    const up = linear(normedAgain, `${layer}.mlp.up_proj`);
    return tf.add(h, linear(tf.mul(tf.mul(gate, tf.sigmoid(gate)), up), `${layer}.mlp.down_proj`));
  };
  const loss = (): tf.Scalar => {
    let x: tf.Tensor = tf.gather(weight("model.embed_tokens.weight"), inputs);
    for (let layer = 0; layer < layers; layer++) x = block(x, `model.layers.${layer}`);
    const logits = tf.matMul(norm(x, "model.norm.weight"), weight("lm_head.weight"), false, true);
    const picked = tf.sum(tf.mul(tf.logSoftmax(logits), tf.oneHot(targets, vocabulary)), -1);
    // the last position of a sequence has nothing to predict
    const counted = tf.slice(tf.reshape(picked, [examples, tokens]), [0, 0], [examples, tokens - 1]);
    return tf.neg(tf.mean(counted));
  };

  const variables = [...factors.values()];
  const [witness] = factors.keys();
  return {
    witness,
    async run() {
      const { value, grads } = tf.variableGrads(loss, variables);
      const [lossData] = await value.data();
      const gradient = await grads[required(factors, witness).name].data<"float32">();
      tf.dispose([value, grads]);
      return { loss: lossData, gradient };
    },
    dispose: () =>
      tf.dispose([...frozen.values(), ...variables, inputs, targets, angles, cosines, sines, future]),
  };
}

function nextTokens({ labels, shape }: Batch): Int32Array {
  const [, tokens] = shape;
  return labels.map((_, at) => ((at + 1) % tokens === 0 ? 0 : labels[at + 1]));
}

function required<Value>(from: Map<string, Value>, name: string): Value {
  const value = from.get(name);
  if (value === undefined) throw new Error(`naiveStep: the model has no parameter "${name}"`);
  return value;
}
