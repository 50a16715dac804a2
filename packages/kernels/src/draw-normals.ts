import type { Draws } from "./draws.ts";
import type { GpuAdapter } from "./gpu-adapter.ts";
import { normalSource } from "./normal-sources.ts";
import { MOST_COLUMNS } from "./sum-blocks.ts";

/** Rows that one launch computes. */
const ROWS = 128;

/** What the kernels of `normal-sources.ts` read of draws. */
export interface DrawInputs {
  readonly counters: Float32Array[];
  readonly keys: Float32Array[];
}

/** The counters of streams `stream ..` at position `start`, a multiple of four, and the keys of all rounds, as halves of words. */
export function drawInputs(
  { seed, stream, count }: Omit<Draws, "start" | "length">,
  start: number,
): DrawInputs {
  return {
    counters: Array.from({ length: count }, (_, k) => counterAt(stream + k, start)),
    keys: keysOf(seed),
  };
}

/** `[count, length]` draws, row-major. */
export async function drawNormals(gpu: GpuAdapter, draws: Draws): Promise<Float32Array> {
  const { seed, stream, count, length, start } = draws;
  const out = new Float32Array(count * length);
  const kernel = gpu.compile(normalSource(gpu.exclusiveOr), { counters: "Array", keys: "Array" });
  const keys = keysOf(seed);
  // rows of the kernel begin with a block of four
  const skipped = start % 4;
  const columns = Math.min(MOST_COLUMNS, length + skipped);
  const parts: { readonly k: number; readonly from: number }[] = [];
  for (let k = 0; k < count; k++) {
    for (let from = -skipped; from < length; from += MOST_COLUMNS) parts.push({ k, from });
  }
  for (let first = 0; first < parts.length; first += ROWS) {
    const own = parts.slice(first, first + ROWS);
    const counters = own.map(({ k, from }) => counterAt(stream + k, start + from));
    const table = await kernel.run([own.length, columns], counters, keys);
    for (const [row, { k, from }] of own.entries()) {
      const begin = Math.max(0, from);
      const end = Math.min(length, from + columns);
      out.set(table[row].subarray(begin - from, end - from), k * length + begin);
    }
  }
  return out;
}

const WORD = 2 ** 32;

/** The counter of the block at a position of a stream. */
function counterAt(stream: number, start: number): Float32Array {
  const block = start / 4;
  return Float32Array.of(
    ...halves(block % WORD),
    ...halves(Math.floor(block / WORD)),
    ...halves(stream),
    0,
    0,
  );
}

/** The key of each round. */
function keysOf(seed: number): Float32Array[] {
  let low = seed >>> 0;
  let high = Math.floor(seed / WORD);
  return Array.from({ length: 10 }, () => {
    const row = Float32Array.of(...halves(low), ...halves(high));
    low = (low + 0x9e3779b9) >>> 0;
    high = (high + 0xbb67ae85) >>> 0;
    return row;
  });
}

/** Low and high 16 bits of a word. */
function halves(word: number): [low: number, high: number] {
  return [word % 65536, Math.floor(word / 65536)];
}
