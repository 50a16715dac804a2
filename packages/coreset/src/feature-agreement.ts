import { type Matrix, requireMatrix } from "@colm/array";
import { type DirectionalGradients, requireDirectionalGradients } from "@colm/spsa";
import { directionCoordinates } from "./direction-coordinates.ts";
import { withinSquares } from "./within-powers.ts";

/** How far two kinds of features agree about which examples are alike; null where all distances of one of them are equal. */
export interface FeatureAgreement {
  /** Cosine of the two lists of distances; null where one of them is all 0. */
  readonly cosine: number | null;
  /** Spearman's rank correlation of the two lists, equal distances sharing their mean rank. */
  readonly spearman: number | null;
}

/**
 * Agreement of the distances of all pairs, `D_ik = |x_i - x_k|`, under two kinds of features:
 * `cosine = <D, D'> / (|D| |D'|)`, `spearman = correlation(rank D, rank D')`.
 *
 * @param features - `[n, d]` of any strides, finite, or zeroth-order gradients, which are never made dense. Only read.
 * @param reference - The same examples by other features, of any width: exact gradients, as a rule. Only read.
 * @returns Plain numbers: 1 is the same order (Spearman), or the same distances up to one factor (cosine).
 * @throws {TypeError | RangeError} If an argument is no such thing, holds what is not finite, or the numbers of examples differ.
 * @remarks Euclidean distances, which scalar products tell. O(n^2 d) time, O(n^2) memory. How many of the chosen examples two kinds of
 *   features share is `overlap`.
 * @example
 * const line = matrix(Float32Array.of(0, 1, 3), 3, 1);
 * const stretched = matrix(Float32Array.of(0, 0, 2, 0, 6, 0), 3, 2);
 * featureAgreement(line, stretched); // => { cosine: 1, spearman: 1 }
 */
export function featureAgreement(
  features: Matrix | DirectionalGradients,
  reference: Matrix | DirectionalGradients,
): FeatureAgreement {
  const rows = plainRows("features", features);
  const others = plainRows("reference", reference);
  if (rows.shape[0] !== others.shape[0]) {
    throw new RangeError(
      `featureAgreement: "reference" must have ${rows.shape[0]} rows as "features" has, got ${others.shape[0]}`,
    );
  }
  const [a, b] = [pairDistances(rows), pairDistances(others)];
  return { cosine: cosine(a, b), spearman: cosine(centred(ranks(a)), centred(ranks(b))) };
}

function plainRows(name: string, features: Matrix | DirectionalGradients): Matrix {
  if (typeof features === "object" && features !== null && "coefficients" in features) {
    requireDirectionalGradients("featureAgreement", name, features);
    return withinSquares(directionCoordinates(features));
  }
  requireMatrix("featureAgreement", name, features);
  return withinSquares(features);
}

/** Distances of the pairs (0, 1), (0, 2), …, (n - 2, n - 1). */
function pairDistances({ data, shape, stride, offset }: Matrix): Float64Array {
  const [size, width] = shape;
  const out = new Float64Array((size * (size - 1)) / 2);
  let at = 0;
  for (let i = 0; i < size; i++) {
    for (let k = i + 1; k < size; k++) {
      let sum = 0;
      let p = offset + i * stride[0];
      let q = offset + k * stride[0];
      for (let j = 0; j < width; j++, p += stride[1], q += stride[1]) sum += (data[p] - data[q]) ** 2;
      out[at++] = Math.sqrt(sum);
    }
  }
  return out;
}

/** Ranks from 0, equal values sharing the mean of theirs. */
function ranks(values: Float64Array): Float64Array {
  const order = Float64Array.from(values.keys()).sort((a, b) => values[a] - values[b]);
  const out = new Float64Array(values.length);
  for (let start = 0; start < order.length; ) {
    let end = start + 1;
    while (end < order.length && values[order[end]] === values[order[start]]) end++;
    for (let at = start; at < end; at++) out[order[at]] = (start + end - 1) / 2;
    start = end;
  }
  return out;
}

function centred(values: Float64Array): Float64Array {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  return values.map((value) => value - mean);
}

function cosine(a: Float64Array, b: Float64Array): number | null {
  let [product, first, second] = [0, 0, 0];
  for (let at = 0; at < a.length; at++) {
    product += a[at] * b[at];
    first += a[at] ** 2;
    second += b[at] ** 2;
  }
  const lengths = Math.sqrt(first * second);
  return lengths > 0 ? product / lengths : null;
}
