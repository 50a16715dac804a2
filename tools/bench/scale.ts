import { spawn } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { text } from "node:stream/consumers";
import { fileURLToPath } from "node:url";

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
    const found = await figuresOf(part, n);
    for (const [name, value] of Object.entries(found)) figures[`${part}_${name}`] = value;
    if (found.peak_bytes > 2e9) throw new Error(`${part} took ${found.peak_bytes} bytes, more than 2 GB`);
  }
  return figures;
}

/** What a part printed; what it tells of its progress goes on to the terminal. */
async function figuresOf(part: string, n: number): Promise<Record<string, number>> {
  const child = spawn(process.execPath, [script, part, String(n)], { stdio: ["ignore", "pipe", "inherit"] });
  const [printed, [code]] = await Promise.all([text(child.stdout), once(child, "close")]);
  if (code !== 0) throw new Error(`${part} ended with exit code ${code}`);
  return JSON.parse(printed);
}
