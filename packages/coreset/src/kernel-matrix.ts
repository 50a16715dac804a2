import { type Matrix, requireMatrix, rowMajor } from "@colm/array";
import { type Metric, similarity } from "@colm/submodular";
import type { SelectionKernels } from "./selection-kernels.ts";
import { withinPowers } from "./within-powers.ts";

/** Features whose largest entry lies within these powers of two are compared as they are. */
const LARGEST_EXPONENT = 32;

/**
 * How alike all pairs of rows are, `[n, n]`, float32: scalar products, cosines, or `max(D) - D` of distances, up to one
 * positive factor. Very small or large features are scaled by a power of two first, so that their squares stay within float32.
 */
export function kernelMatrix(features: Matrix, metric: Metric): Float32Array {
  const { data } = similarity(withinRange(features), { metric });
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** The same as kernels compute it. */
export function kernelMatrixOn(
  kernels: SelectionKernels,
  features: Matrix,
  metric: Metric,
): Promise<Float32Array> {
  return similaritiesOn(kernels, withinRange(features), metric);
}

/** Scalar products, cosines, or `max(D) - D` of distances, `[n, n]`, float32, fresh. */
export async function similaritiesOn(
  kernels: SelectionKernels,
  points: Matrix,
  metric: Metric,
): Promise<Float32Array> {
  const table = metric === "dot" ? await kernels.gram(points) : await kernels.pairwise(points, metric);
  const [size] = points.shape;
  const name = metric === "dot" ? "kernels.gram" : "kernels.pairwise";
  requireMatrix("select", name, table);
  if (table.shape[0] !== size || table.shape[1] !== size) {
    throw new RangeError(
      `select: "${name}" must return ${size} x ${size} entries, got ${table.shape[0]} x ${table.shape[1]}`,
    );
  }
  const out = new Float32Array(rowMajor(table));
  if (metric === "dot") return out;
  let top = 1;
  if (metric !== "cosine") {
    top = 0;
    for (let p = 0; p < out.length; p++) if (out[p] > top) top = out[p];
  }
  for (let p = 0; p < out.length; p++) out[p] = top - out[p];
  return out;
}

function withinRange(features: Matrix): Matrix {
  return withinPowers(features, LARGEST_EXPONENT, (size) => new Float32Array(size));
}
