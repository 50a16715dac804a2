import { type Matrix, matrix } from "@colm/array";
import { featureBased, maximize, restrict } from "@colm/submodular";
import { DIMENSION } from "./points.ts";

/** What a thread is given: features in shared memory, items of the shard and how many of them to choose. */
export interface ShardTask {
  readonly memory: SharedArrayBuffer;
  readonly items: Int32Array;
  readonly count: number;
}

/** The features in a shared memory. */
export function shared(memory: SharedArrayBuffer): Matrix {
  const data = new Float32Array(memory);
  return matrix(data, data.length / DIMENSION, DIMENSION);
}

/** Lazy greedy on one shard. */
export function choose({ memory, items, count }: ShardTask): Int32Array {
  const { indices } = maximize(restrict(featureBased(shared(memory)), items), { count, method: "lazy" });
  return indices.map((t) => items[t]);
}
