import type { Draws } from "./draws.ts";
import type { GpuAdapter } from "./gpu-adapter.ts";
import { normalSource } from "./normal-sources.ts";

/** Draws that one launch computes. */
const LAUNCH = 2 ** 20;

/** What the kernels of `normal-sources.ts` read of draws whose first position is `start`, a multiple of four. */
export interface DrawInputs {
  readonly counter: Float32Array;
  readonly streams: Float32Array[];
  readonly keys: Float32Array[];
}

/** The counter of position `start`, a multiple of four, the streams and the keys of all rounds, as halves of words. */
export function drawInputs(
  { seed, stream, count }: Omit<Draws, "start" | "length">,
  start: number,
): DrawInputs {
  const block = start / 4;
  let low = seed >>> 0;
  let high = Math.floor(seed / WORD);
  return {
    counter: Float32Array.of(...halves(block % WORD), ...halves(Math.floor(block / WORD)), 0, 0),
    streams: Array.from({ length: count }, (_, k) => Float32Array.from(halves(stream + k))),
    keys: Array.from({ length: 10 }, () => {
      const row = Float32Array.of(...halves(low), ...halves(high));
      low = (low + 0x9e3779b9) >>> 0;
      high = (high + 0xbb67ae85) >>> 0;
      return row;
    }),
  };
}

/** `[count, length]` draws, row-major. */
export async function drawNormals(gpu: GpuAdapter, draws: Draws): Promise<Float32Array> {
  const { count, length, start } = draws;
  const out = new Float32Array(count * length);
  const kernel = gpu.compile(normalSource, { counter: "Array", streams: "Array", keys: "Array" });
  // launches begin with a block of four
  const skipped = start % 4;
  const most = 4 * Math.ceil(LAUNCH / (4 * Math.max(1, count)));
  for (let from = -skipped; from < length && count > 0; from += most) {
    const columns = Math.min(most, length - from);
    const { counter, streams, keys } = drawInputs(draws, start + from);
    const table = await kernel.run([count, columns], counter, streams, keys);
    const first = Math.max(0, -from);
    for (const [k, row] of table.entries()) out.set(row.subarray(first), k * length + from + first);
  }
  return out;
}

const WORD = 2 ** 32;

/** Low and high 16 bits of a word. */
function halves(word: number): [low: number, high: number] {
  return [word % 65536, Math.floor(word / 65536)];
}
