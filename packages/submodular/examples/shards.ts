/**
 * RandGreeDi on worker threads: each shard's greedy runs on its own thread, over similarities that all threads share.
 *
 *     node examples/shards.ts
 */
import { isMainThread, MessageChannel, type MessagePort, Worker, workerData } from "node:worker_threads";
import { matrix, normal } from "@colm/array";
import { facilityLocation, maximize, randGreedi, restrict, similarity } from "@colm/submodular";

const POINTS = 600;

/** What a thread is given. */
interface Task {
  readonly similarities: SharedArrayBuffer;
  readonly items: Int32Array;
  readonly count: number;
  readonly answer: MessagePort;
}

if (isMainThread) await main();
else work(workerData);

async function main(): Promise<void> {
  const points = matrix(normal(new Float32Array(POINTS * 8), { seed: 1 }), POINTS, 8);
  const s = similarity(points, { metric: "l2" });
  const similarities = new SharedArrayBuffer(4 * POINTS * POINTS);
  new Float32Array(similarities).set(s.data);
  const f = facilityLocation(s);
  const found = await randGreedi(f, {
    count: 20,
    shards: 4,
    seed: 7,
    select: (items, count) => onThread(similarities, items, count),
    onProgress: (done, shards) => console.error(`${done} of ${shards} shards`),
  });
  const { value } = maximize(f, { count: 20 });
  console.log(`${found.indices.length} items, ${((100 * found.value) / value).toFixed(1)} % of plain greedy`);
}

function onThread(similarities: SharedArrayBuffer, items: Int32Array, count: number): Promise<Int32Array> {
  const { port1, port2 } = new MessageChannel();
  const task: Task = { similarities, items, count, answer: port2 };
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL(import.meta.url), { workerData: task, transferList: [port2] });
    worker.once("error", reject);
    port1.once("message", (chosen: Int32Array) => {
      port1.close();
      resolve(chosen);
    });
  });
}

function work({ similarities, items, count, answer }: Task): void {
  const s = matrix(new Float32Array(similarities), POINTS, POINTS);
  const { indices } = maximize(restrict(facilityLocation(s), items), { count, method: "lazy" });
  answer.postMessage(indices.map((t) => items[t]));
}
