// `node tools/bench/scale/part.ts NAME N` runs one part of the benchmark and prints its figures and its peak memory

import { bySieve } from "./by-sieve.ts";
import { bySparse } from "./by-sparse.ts";
import { onShards } from "./on-shards.ts";

const [name, n] = process.argv.slice(2);
const parts: Record<string, (n: number) => Promise<Record<string, number>>> = {
  sparse: bySparse,
  threeSieves: (size) => bySieve("threeSieves", size),
  sieveStreaming: (size) => bySieve("sieveStreaming", size),
  shards: onShards,
};
const figures = await parts[name](Number(n));
const peak = process.resourceUsage().maxRSS * 1024;
console.log(JSON.stringify({ ...figures, peak_bytes: peak }));
