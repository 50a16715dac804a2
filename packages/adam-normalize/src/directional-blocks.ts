import { type DirectionalGradients, perturbation } from "@colm/spsa";
import { BLOCK, type RowBlocks } from "./row-blocks.ts";
import { rowWeights } from "./row-weights.ts";

/** The blocks of `g_i = (1/q) sum_k c_ik z_k`: the directions of the current block are all that is held. */
export function directionalBlocks(gradients: DirectionalGradients): RowBlocks {
  const { coefficients, dimension } = gradients;
  const [rows, q] = coefficients.shape;
  const weights = rowWeights(gradients);
  // direction k of the block stands at z[k * BLOCK ..]; as float64, which spares a conversion for each product
  const z = new Float64Array(q * BLOCK);
  const drawn = new Float32Array(BLOCK);
  let columns = 0;
  return {
    rows,
    dimension,
    load(start, length) {
      columns = length;
      const block = drawn.subarray(0, length);
      for (let k = 0; k < q; k++) z.set(perturbation(gradients, k, start, block), k * BLOCK);
    },
    row(i, out) {
      out.fill(0, 0, columns);
      let k = 0;
      for (; k + 4 <= q; k += 4) addFour(out, columns, weights, i * q + k, z, k * BLOCK);
      for (; k < q; k++) addOne(out, columns, weights[i * q + k], z, k * BLOCK);
    },
    at(i, j) {
      let sum = 0;
      for (let k = 0; k < q; k++) sum += weights[i * q + k] * z[k * BLOCK + j];
      return sum;
    },
  };
}

function addOne(out: Float64Array, length: number, weight: number, z: Float64Array, first: number): void {
  for (let j = 0; j < length; j++) out[j] += weight * z[first + j];
}

/** Four times `addOne`, in the same order of additions, with one pass over `out`. */
function addFour(
  out: Float64Array,
  length: number,
  weights: Float64Array,
  at: number,
  z: Float64Array,
  first: number,
): void {
  const [w0, w1, w2, w3] = [weights[at], weights[at + 1], weights[at + 2], weights[at + 3]];
  const [z1, z2, z3] = [first + BLOCK, first + 2 * BLOCK, first + 3 * BLOCK];
  for (let j = 0; j < length; j++) {
    out[j] = out[j] + w0 * z[first + j] + w1 * z[z1 + j] + w2 * z[z2 + j] + w3 * z[z3 + j];
  }
}
