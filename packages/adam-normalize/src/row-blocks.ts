import type { Matrix } from "@colm/array";
import { type DirectionalGradients, perturbation } from "@colm/spsa";

/** Columns that are in memory at a time: small enough for the first cache, long enough to pay for a draw. */
export const BLOCK = 1024;

/** A matrix `[n, d]` that is read block of columns by block of columns, whether it is stored or computed. */
export interface RowBlocks {
  readonly rows: number;
  readonly dimension: number;
  /** Makes columns `start .. start + length - 1` the current block; `length` is at most `BLOCK`. */
  load(start: number, length: number): void;
  /** Writes row `i` of the current block to `out[0 .. length - 1]`. */
  row(i: number, out: Float64Array): void;
  /** Entry `j` of row `i` of the current block, the same bits as `row` gives. */
  at(i: number, j: number): number;
}

/** Calls `visit(start, length)` for every block of `dimension` columns, ascending. */
export function forEachBlock(dimension: number, visit: (start: number, length: number) => void): void {
  for (let start = 0; start < dimension; start += BLOCK) visit(start, Math.min(BLOCK, dimension - start));
}

/** The blocks of gradients, stored or directional. */
export function gradientBlocks(gradients: Matrix | DirectionalGradients): RowBlocks {
  return "coefficients" in gradients ? directionalBlocks(gradients) : matrixBlocks(gradients);
}

/** The blocks of a stored matrix. */
export function matrixBlocks(m: Matrix): RowBlocks {
  const { data, offset } = m;
  const [rows, dimension] = m.shape;
  const [rowStride, colStride] = m.stride;
  let first = offset;
  let columns = 0;
  return {
    rows,
    dimension,
    load(start, length) {
      first = offset + start * colStride;
      columns = length;
    },
    row(i, out) {
      let from = first + i * rowStride;
      for (let j = 0; j < columns; j++, from += colStride) out[j] = data[from];
    },
    at(i, j) {
      return data[first + i * rowStride + j * colStride];
    },
  };
}

/** The blocks of `g_i = (1/q) sum_k c_ik z_k`: the directions of the current block are all that is held. */
function directionalBlocks(gradients: DirectionalGradients): RowBlocks {
  const { coefficients, dimension } = gradients;
  const { data, offset } = coefficients;
  const [rows, q] = coefficients.shape;
  const [rowStride, colStride] = coefficients.stride;
  const z = Array.from({ length: q }, () => new Float32Array(Math.min(BLOCK, dimension)));
  let columns = 0;
  return {
    rows,
    dimension,
    load(start, length) {
      columns = length;
      z.forEach((zk, k) => {
        perturbation(gradients, k, start, zk.subarray(0, length));
      });
    },
    row(i, out) {
      out.fill(0, 0, columns);
      for (let k = 0; k < q; k++) {
        const weight = data[offset + i * rowStride + k * colStride] / q;
        const zk = z[k];
        for (let j = 0; j < columns; j++) out[j] += weight * zk[j];
      }
    },
    at(i, j) {
      let sum = 0;
      for (let k = 0; k < q; k++) sum += (data[offset + i * rowStride + k * colStride] / q) * z[k][j];
      return sum;
    },
  };
}
