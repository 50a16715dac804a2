import { type Matrix, matrix } from "@colm/array";
import { assign, facilityLocation, type Metric, maximize } from "@colm/submodular";
import { similaritiesOn } from "./kernel-matrix.ts";
import type { Medoids } from "./medoids-by-source.ts";
import type { SelectionKernels } from "./selection-kernels.ts";

/**
 * What `medoidsBySource` chooses, with the distances of each source's pairs by kernels, one source after the other; greedy
 * stays on the CPU, where it takes less than a millisecond.
 */
export async function medoidsOnKernels(
  kernels: SelectionKernels,
  features: Matrix,
  members: readonly Int32Array[],
  shares: ArrayLike<number>,
  metric: Metric,
): Promise<Medoids> {
  const rows: number[] = [];
  const sizes: number[] = [];
  for (const [source, own] of members.entries()) {
    const count = shares[source];
    if (count === own.length) {
      for (const row of own) {
        rows.push(row);
        sizes.push(1);
      }
    } else if (count > 0) {
      const similarity = matrix(
        await similaritiesOn(kernels, rowsOf(features, own), metric),
        own.length,
        own.length,
      );
      // the reference's ties: its lazy greedy takes the larger index
      const { indices } = maximize(facilityLocation(similarity), { count, method: "lazy", ties: "high" });
      for (const i of indices) rows.push(own[i]);
      for (const size of assign(similarity, indices).sizes) sizes.push(size);
    }
  }
  return { rows, sizes };
}

function rowsOf({ data, shape, stride, offset }: Matrix, rows: Int32Array): Matrix {
  const [, cols] = shape;
  const out = new Float32Array(rows.length * cols);
  for (let r = 0, to = 0; r < rows.length; r++) {
    for (let j = 0, from = offset + rows[r] * stride[0]; j < cols; j++, from += stride[1])
      out[to++] = data[from];
  }
  return matrix(out, rows.length, cols);
}
