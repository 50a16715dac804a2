import { type Matrix, matrix } from "@colm/array";
import { type DirectionalGradients, requireDirectionalGradients } from "./directional-gradients.ts";
import { perturbation } from "./perturbation.ts";

/**
 * The gradient estimates as a matrix, `G[i, j] = (1/q) sum_k c_ik z_kj`: for tests and small d.
 *
 * @param g - The estimates, every coefficient finite.
 * @returns `[n, d]`, float32, summed in float64 in the order of the directions; fresh.
 * @throws {TypeError | RangeError} If `g` is no estimate or a coefficient is not finite.
 * @remarks Holds `n d` floats and draws every direction once: what every other function here avoids.
 * @example
 * const g = directionalGradients(matrix(Float32Array.of(2, -4), 2, 1), { dimension: 3, seed: 1 });
 * const m = dense(g);
 * m.get(1, 2) === -2 * m.get(0, 2); // => true
 */
export function dense(g: DirectionalGradients): Matrix {
  requireDirectionalGradients("dense", "g", g);
  const { coefficients, dimension } = g;
  const { data, offset } = coefficients;
  const [n, q] = coefficients.shape;
  const [rowStride, colStride] = coefficients.stride;
  const z = Array.from({ length: q }, (_, k) => perturbation(g, k, 0, new Float32Array(dimension)));
  const out = new Float32Array(n * dimension);
  const row = new Float64Array(dimension);
  for (let i = 0; i < n; i++) {
    row.fill(0);
    for (let k = 0; k < q; k++) {
      const weight = data[offset + i * rowStride + k * colStride] / q;
      const zk = z[k];
      for (let j = 0; j < dimension; j++) row[j] += weight * zk[j];
    }
    out.set(row, i * dimension);
  }
  return matrix(out, n, dimension);
}
