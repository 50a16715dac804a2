import { availableParallelism } from "node:os";
import { featureBased, randGreedi } from "@colm/submodular";
import { Tinypool } from "tinypool";
import { clusteredRows, DIMENSION } from "./points.ts";
import { type ShardTask, shared } from "./shard.ts";

const SHARDS = 8;

/** One of a hundred by RandGreeDi on feature-based functions, a shard a thread, the features in shared memory. */
export async function onShards(n: number): Promise<Record<string, number>> {
  const memory = new SharedArrayBuffer(4 * n * DIMENSION);
  new Float32Array(memory).set(clusteredRows(n, 0, n).map(Math.abs));
  const pool = new Tinypool({
    filename: new URL("./shard.ts", import.meta.url).href,
    name: "choose",
    maxThreads: availableParallelism(),
  });
  const start = performance.now();
  try {
    const { value, upperBound } = await randGreedi(featureBased(shared(memory)), {
      count: Math.ceil(n / 100),
      shards: SHARDS,
      seed: 1,
      select: (items, count): Promise<Int32Array> => {
        const task: ShardTask = { memory, items, count };
        return pool.run(task);
      },
      onProgress: (done, shards) => console.error(`${done} of ${shards} shards`),
    });
    return { s: (performance.now() - start) / 1000, value_over_bound: value / upperBound };
  } finally {
    await pool.destroy();
  }
}
