import type { DirectionalGradients } from "@colm/spsa";

/** `c_ik / q`, row-major. */
export function rowWeights({ coefficients }: DirectionalGradients): Float64Array {
  const { data, offset } = coefficients;
  const [rows, q] = coefficients.shape;
  const [rowStride, colStride] = coefficients.stride;
  const weights = new Float64Array(rows * q);
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < q; k++) weights[i * q + k] = data[offset + i * rowStride + k * colStride] / q;
  }
  return weights;
}
