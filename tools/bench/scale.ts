import { execFile } from "node:child_process";
import { availableParallelism } from "node:os";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const PARTS = ["sparse", "threeSieves", "sieveStreaming", "shards"] as const;
const script = fileURLToPath(new URL("./scale/part.ts", import.meta.url));

/**
 * Selection from n points of 64 coordinates (100,000 unless told otherwise), each way in a process of its own: sparse
 * nearest neighbours and greedy; sieves over an asynchronous stream; RandGreeDi on worker threads. Seconds, and the most
 * memory that the process ever held.
 *
 * @throws {Error} If a part needs more than 2 GB.
 */
export async function run({ n = 100_000 }: { n?: number } = {}): Promise<Record<string, number>> {
  const figures: Record<string, number> = { n, threads: availableParallelism() };
  for (const part of PARTS) {
    const { stdout } = await promisify(execFile)(process.execPath, [script, part, String(n)]);
    const found: Record<string, number> = JSON.parse(stdout);
    for (const [name, value] of Object.entries(found)) figures[`${part}_${name}`] = value;
    if (found.peak_bytes > 2e9) throw new Error(`${part} took ${found.peak_bytes} bytes, more than 2 GB`);
  }
  return figures;
}
