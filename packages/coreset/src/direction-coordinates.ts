import { type Matrix, matrix } from "@colm/array";
import { type DirectionalGradients, dense, direction } from "@colm/spsa";

/** Entries of a direction that are drawn at a time. */
const BLOCK = 8192;

/**
 * `[n, q]` coordinates with the scalar products of the gradients `g_i = (1/q) sum_k c_ik z_k`: `X = C L / q` with
 * `L L' = Z Z'`, Z the q directions. O(d q^2) time, O(BLOCK q) memory: no gradient is ever held. Where there are at least as many
 * directions as entries, the gradients themselves, `[n, d]`, are less.
 */
export function directionCoordinates(gradients: DirectionalGradients): Matrix {
  const { coefficients, dimension } = gradients;
  const [rows, q] = coefficients.shape;
  const { data, offset, stride } = coefficients;
  if (q >= dimension) return dense(gradients);
  const products = new Float64Array(q * q);
  for (let start = 0; start < dimension; start += BLOCK) {
    const length = Math.min(BLOCK, dimension - start);
    const z = Array.from({ length: q }, (_, k) => direction(gradients, k, start, new Float32Array(length)));
    for (let k = 0; k < q; k++) {
      for (let l = 0; l <= k; l++) {
        let sum = 0;
        for (let j = 0; j < length; j++) sum += z[k][j] * z[l][j];
        products[k * q + l] += sum;
      }
    }
  }
  const factor = cholesky(products, q);
  const out = new Float32Array(rows * q);
  for (let i = 0; i < rows; i++) {
    const first = offset + i * stride[0];
    for (let l = 0; l < q; l++) {
      let sum = 0;
      for (let k = l; k < q; k++) sum += data[first + k * stride[1]] * factor[k * q + l];
      out[i * q + l] = sum / q;
    }
  }
  return matrix(out, rows, q);
}

/** The lower factor of a positive semidefinite matrix given by its lower half; columns without length stay 0. */
function cholesky(m: Float64Array, size: number): Float64Array {
  const factor = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = m[i * size + j];
      for (let k = 0; k < j; k++) sum -= factor[i * size + k] * factor[j * size + k];
      if (i === j) factor[i * size + i] = Math.sqrt(Math.max(0, sum));
      else if (factor[j * size + j] > 0) factor[i * size + j] = sum / factor[j * size + j];
    }
  }
  return factor;
}
