import { availableParallelism, loadavg } from "node:os";
import {
  type CausalLM,
  chooseBackend,
  lossAndGradients,
  type ModelWorkers,
  startWorkers,
} from "@colm/lm-tfjs";
import { benchBatch, benchModel, SHAPE } from "./lm/model.ts";
import { median } from "./measure.ts";
import { onWorkers } from "./train/on-workers.ts";

const PIECES = 4;
type Pieces = readonly { readonly batch: ReturnType<typeof benchBatch> }[];
type Gradients = ReadonlyMap<string, Float32Array>;

/**
 * A LoRA step of a small Llama in 4 micro-batches: one after the other, on one worker thread, and on two; on 16 examples and (`short_`) on 4.
 * `_ms` is the least time of all rounds, with a pause before each: other work on the machine disturbs it least, and short steps less than
 * long ones. `cpu_ratio` is the processor time of two workers over that of none. Gradients must be the same bits.
 * `train_`: seconds of an update of the built-in job, and their ratio.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const model = benchModel();
  const pieces = cut(SHAPE.examples);
  const before = process.memoryUsage.rss();
  const start = performance.now();
  const one = await startWorkers(model, { count: 1 });
  const startMs = performance.now() - start;
  await one.lossAndGradients(pieces);
  const workerBytes = process.memoryUsage.rss() - before;
  const two = await startWorkers(model, { count: 2 });
  const long = await compare(model, [one, two], pieces, 10);
  const short = await compare(model, [one, two], cut(PIECES), 40);
  await Promise.all([one.dispose(), two.dispose()]);
  model.dispose();
  const job = await onWorkers();
  console.log(`${availableParallelism()} cores, load ${loadavg()[0].toFixed(1)}`);
  return {
    ...long,
    ...Object.fromEntries(Object.entries(short).map(([name, value]) => [`short_${name}`, value])),
    start_ms: startMs,
    worker_bytes: workerBytes,
    ...job,
  };
}

async function compare(
  model: CausalLM,
  [one, two]: readonly ModelWorkers[],
  pieces: Pieces,
  rounds: number,
): Promise<Record<string, number>> {
  const ways = {
    alone: () => oneByOne(model, pieces),
    one: async () => (await one.lossAndGradients(pieces)).gradients,
    two: async () => (await two.lossAndGradients(pieces)).gradients,
  };
  const wall: Record<string, number[]> = { alone: [], one: [], two: [] };
  const cpu: Record<string, number[]> = { alone: [], one: [], two: [] };
  const expected = await ways.alone();
  for (let round = 0; round < rounds; round++) {
    for (const [name, way] of Object.entries(ways)) {
      await new Promise((resolve) => setTimeout(resolve, 300));
      const used = process.cpuUsage();
      const begin = performance.now();
      const gradients = await way();
      wall[name].push(performance.now() - begin);
      const { user, system } = process.cpuUsage(used);
      cpu[name].push((user + system) / 1000);
      requireSame(name, gradients, expected);
    }
  }
  const [alone, ofOne, ofTwo] = [wall.alone, wall.one, wall.two].map((samples) => Math.min(...samples));
  return {
    alone_ms: alone,
    one_worker_ms: ofOne,
    two_workers_ms: ofTwo,
    one_worker_ratio: alone / ofOne,
    two_workers_ratio: alone / ofTwo,
    cpu_ratio: median(cpu.two) / median(cpu.alone),
  };
}

function cut(examples: number): Pieces {
  const { inputIds, attentionMask, labels } = benchBatch(examples, SHAPE);
  const rows = examples / PIECES;
  return Array.from({ length: PIECES }, (_, k) => {
    const part = (all: Int32Array): Int32Array =>
      all.slice(k * rows * SHAPE.tokens, (k + 1) * rows * SHAPE.tokens);
    return {
      batch: {
        inputIds: part(inputIds),
        attentionMask: part(attentionMask),
        labels: part(labels),
        shape: [rows, SHAPE.tokens],
      },
    };
  });
}

/** The sum of the pieces' gradients, a quarter each. */
async function oneByOne(model: CausalLM, pieces: Pieces): Promise<Gradients> {
  const sums = new Map<string, Float64Array>();
  for (const { batch } of pieces) {
    const { gradients } = await lossAndGradients(model, batch);
    for (const [name, tensor] of gradients) {
      const values = await tensor.data();
      const sum = sums.get(name) ?? new Float64Array(values.length);
      for (let i = 0; i < values.length; i++) sum[i] += values[i] / PIECES;
      sums.set(name, sum);
      tensor.dispose();
    }
  }
  return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum)]));
}

function requireSame(name: string, found: Gradients, expected: Gradients): void {
  for (const [parameter, values] of expected) {
    const own = found.get(parameter);
    if (!own?.every((value, i) => Object.is(value, values[i])))
      throw new Error(`workers: "${name}" has another gradient by ${parameter}`);
  }
}
