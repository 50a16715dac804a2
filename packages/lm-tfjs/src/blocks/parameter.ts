import * as tf from "@tensorflow/tfjs-core";
import { widenRows } from "../web-gpu/widen-rows.ts";
import { decodeHalves, encodeHalves } from "./half-precision.ts";
import { takeRows } from "./rows.ts";

/** One named weight of a model, in the shape of the Hugging Face or PEFT file it comes from or goes to. */
export interface Parameter {
  readonly name: string;
  /**
   * The values; `value.trainable` says whether gradients are taken by it. A frozen matrix may be held in half precision, two entries to
   * a word: then its type is int32 and its rows have half as many words as the matrix columns. `valuesOf` serves either.
   */
  readonly value: tf.Variable;
}

/** How frozen matrices are held. */
export type WeightPrecision = "float32" | "float16";

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

/** Whether a matrix of this shape can be held in half precision: its rows must fill whole words. */
export function canBeHalved([rows, columns, ...more]: readonly number[]): boolean {
  return rows !== undefined && columns !== undefined && more.length === 0 && columns % 2 === 0;
}

/** Makes a frozen parameter of `data`: matrices as `weights` says, all else in float32. @throws {RangeError} If float16 cannot hold an entry. */
export function frozenParameter(
  caller: string,
  name: string,
  data: Float32Array,
  shape: readonly number[],
  weights: WeightPrecision,
): Parameter {
  if (weights === "float32" || !canBeHalved(shape)) return parameter(name, data, shape, false);
  const words = encodeHalves(caller, name, data);
  const [rows, columns] = shape;
  const value = tf.tidy(() => tf.variable(tf.tensor(words, [rows, columns / 2], "int32"), false));
  return { name, value };
}

/** Whether it is held in half precision. */
export function isHalved({ value }: Parameter): boolean {
  return value.dtype === "int32";
}

/** The shape that it has in its file. */
export function shapeOf(parameter: Parameter): number[] {
  const { shape } = parameter.value;
  return isHalved(parameter) ? [shape[0], 2 * (shape[1] ?? 0)] : [...shape];
}

/** Its number of entries. */
export function sizeOf(parameter: Parameter): number {
  return isHalved(parameter) ? 2 * parameter.value.size : parameter.value.size;
}

/** Its values in float32: the variable itself, or, in half precision, a copy to last for one step. Call it in a tidy, never dispose of it. */
export function valuesOf(parameter: Parameter): tf.Tensor {
  return isHalved(parameter) ? widenRows(parameter.value) : parameter.value;
}

/** Rows `index` of a matrix, `[index.length, columns]`. */
export function rowsOf(parameter: Parameter, index: Int32Array): tf.Tensor {
  return isHalved(parameter) ? widenRows(parameter.value, index) : takeRows(parameter.value, index);
}

/** A fresh copy of its values, row-major. */
export async function dataOf(parameter: Parameter): Promise<Float32Array> {
  const data = await parameter.value.data();
  return isHalved(parameter) ? decodeHalves(data) : Float32Array.from(data);
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
