import * as tf from "@tensorflow/tfjs-core";
import type { GradientReceiver, Parameter, ProductTerms } from "./parameter.ts";
import { transposedProduct } from "./product.ts";

/** The rows of each example, `[start, end)`, in the matrices that a gradient is a sum over. */
export type ExampleRows = readonly (readonly [start: number, end: number])[];

/** What the gradients by one parameter are made of, before they are summed over rows. */
interface Terms {
  readonly rows: ExampleRows;
  readonly product?: ProductTerms;
  readonly summed?: tf.Tensor;
}

/** Gradients of some parameters kept as terms, from which that of one example at a time can be made. It owns tensors. */
export interface GradientTerms {
  /** A receiver for terms whose rows belong to the examples so. */
  receive(rows: ExampleRows): GradientReceiver;
  /** The gradient by one parameter of the loss of one example, row-major in its shape; added to `out`. */
  addTo(out: Float32Array, parameter: Parameter, example: number): Promise<void>;
  dispose(): void;
}

/** Collects terms of gradients by the given parameters. */
export function gradientTerms(parameters: readonly Parameter[]): GradientTerms {
  const kept = new Map(parameters.map((parameter): [Parameter, Terms[]] => [parameter, []]));
  const keep = (x: tf.Tensor): tf.Tensor => tf.keep(tf.clone(x));
  return {
    receive: (rows) => ({
      wants: (parameter) => kept.has(parameter),
      addProduct(parameter, { a, b, ...rest }) {
        kept.get(parameter)?.push({ rows, product: { a: keep(a), b: keep(b), ...rest } });
      },
      addRows(parameter, summed) {
        kept.get(parameter)?.push({ rows, summed: keep(summed) });
      },
    }),
    async addTo(out, parameter, example) {
      for (const { rows, product, summed } of kept.get(parameter) ?? []) {
        const [start, end] = rows[example];
        if (start === end) continue;
        if (product) await addProduct(out, product, [start, end]);
        // norms of heads have a row for each head of each token
        const heads = summed ? summed.shape[0] / rows[rows.length - 1][1] : 1;
        if (summed) await addRows(out, summed, [start * heads, end * heads]);
      }
    },
    dispose() {
      for (const { product, summed } of [...kept.values()].flat()) {
        tf.dispose([product?.a, product?.b, summed].filter((x) => x !== undefined));
      }
    },
  };
}

async function addProduct(
  out: Float32Array,
  { a, b, scale = 1, turned = false }: ProductTerms,
  rows: readonly [start: number, end: number],
): Promise<void> {
  const product = transposedProduct(a, b, rows);
  const [height, width] = product.shape;
  const values = await product.data();
  product.dispose();
  if (!turned) {
    for (let i = 0; i < out.length; i++) out[i] += scale * values[i];
    return;
  }
  for (let i = 0; i < height; i++) {
    for (let j = 0; j < width; j++) out[j * height + i] += scale * values[i * width + j];
  }
}

async function addRows(
  out: Float32Array,
  summed: tf.Tensor,
  [start, end]: readonly [start: number, end: number],
): Promise<void> {
  const sum = tf.tidy(() => {
    const chosen = tf.slice(summed, [start, 0], [end - start, out.length]);
    return tf.matMul(tf.ones([1, end - start]), chosen);
  });
  const values = await sum.data();
  sum.dispose();
  for (let i = 0; i < out.length; i++) out[i] += values[i];
}
