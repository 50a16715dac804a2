import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * Peak bytes that greedy holds beside n x n similarities, over theirs. In a process of its own: every WebAssembly memory is counted
 * there, and watching typed arrays slows V8's down for good.
 */
export function extraBytesRatio(n: number, count: number): number {
  const script = fileURLToPath(new URL("extra-bytes-part.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script, String(n), String(count)], {
    encoding: "utf8",
  });
  if (status !== 0) throw new Error(`extra-bytes-part.ts ended with exit code ${status}\n${stderr}`);
  return Number(stdout);
}
