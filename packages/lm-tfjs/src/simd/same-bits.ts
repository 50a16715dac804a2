import { normal } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import type { FusedKernels } from "./fused.ts";

/**
 * Makes sure that kernels which an experimental compiler made compute what the plain ones do, to the last bit: products of whole
 * and of cut tiles, attention, cross-entropy.
 *
 * @throws {Error} If they do not.
 */
export function requireSameBits(kernels: FusedKernels, plain: FusedKernels): void {
  const [given, expected] = [results(kernels), results(plain)];
  if (given.every((bits, i) => bits === expected[i])) return;
  throw new Error(
    'chooseBackend: "revectorize" must be left out, this version of the engine changes what the kernels compute',
  );
}

/** The bits of every entry. */
function results(kernels: FusedKernels): number[] {
  const outputs = tf.tidy(() => {
    const tall = draws([50, 96], 1);
    const [q, k, v, dcontext] = [2, 3, 4, 5].map((stream) => draws([50, 32], stream));
    const lengths = tf.tensor1d([25, 20], "int32");
    const shape = { batch: 2, tokens: 25, heads: 2, kvHeads: 2, headSize: 16 };
    const { dq, dk, dv } = kernels.attentionGradient({ q, k, v, dcontext }, lengths, shape);
    const logits = draws([50, 70], 6);
    const { sums } = kernels.crossEntropy(logits, tf.tensor1d(new Int32Array(50), "int32"), true);
    return [
      kernels.sumOfProducts([
        [tall, draws([96, 70], 7)],
        [tall, draws([70, 96], 8), true],
      ]),
      kernels.transposedProduct(tall, draws([50, 40], 9)),
      kernels.attention(q, k, v, lengths, shape),
      ...[dq, dk, dv, logits, sums],
    ];
  });
  const bits = outputs.flatMap((output) => {
    const values = output.dataSync<"float32">();
    return [...new Int32Array(values.buffer, values.byteOffset, values.length)];
  });
  tf.dispose(outputs);
  return bits;
}

function draws(shape: [number, number], stream: number): tf.Tensor {
  const size = shape[0] * shape[1];
  return tf.tensor(normal(new Float32Array(size), { seed: 1, stream }), shape);
}
