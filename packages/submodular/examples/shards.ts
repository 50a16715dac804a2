/**
 * RandGreeDi on a pool of worker threads: each shard's greedy runs on its own thread, over similarities that all threads
 * share. It needs tinypool beside this package (`npm install tinypool`).
 *
 *     node examples/shards.ts
 */
import { isMainThread } from "node:worker_threads";
import { matrix, normal } from "@colm/array";
import { facilityLocation, maximize, randGreedi, restrict, similarity } from "@colm/submodular";
import { Tinypool } from "tinypool";

const POINTS = 600;

/** What a thread is given. */
interface Shard {
  readonly similarities: SharedArrayBuffer;
  readonly items: Int32Array;
  readonly count: number;
}

if (isMainThread) await main();

async function main(): Promise<void> {
  const points = matrix(normal(new Float32Array(POINTS * 8), { seed: 1 }), POINTS, 8);
  const s = similarity(points, { metric: "l2" });
  const similarities = new SharedArrayBuffer(4 * POINTS * POINTS);
  new Float32Array(similarities).set(s.data);
  const f = facilityLocation(s);
  const pool = new Tinypool({ filename: import.meta.url, name: "choose" });
  const found = await randGreedi(f, {
    count: 20,
    shards: 4,
    seed: 7,
    select: (items, count): Promise<Int32Array> => {
      const shard: Shard = { similarities, items, count };
      return pool.run(shard);
    },
    onProgress: (done, shards) => console.error(`${done} of ${shards} shards`),
  });
  await pool.destroy();
  const { value } = maximize(f, { count: 20 });
  console.log(`${found.indices.length} items, ${((100 * found.value) / value).toFixed(1)} % of plain greedy`);
}

/** Greedy among the items of a shard; the pool calls it on a thread. */
export function choose({ similarities, items, count }: Shard): Int32Array {
  const s = matrix(new Float32Array(similarities), POINTS, POINTS);
  const { indices } = maximize(restrict(facilityLocation(s), items), { count, method: "lazy" });
  return indices.map((t) => items[t]);
}
