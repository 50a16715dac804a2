import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";

/**
 * CPU milliseconds and loss of `pam(…, variant = "faster")` of R's package cluster from the same start; undefined, with a
 * line that says so, where R or the package is not installed.
 */
export function clusterPam(
  distances: Float64Array,
  n: number,
  start: Int32Array,
): { ms: number; loss: number } | undefined {
  const script = fileURLToPath(new URL("cluster-pam.R", import.meta.url));
  const head = Int32Array.of(n, start.length, ...start);
  const bytes = (array: Int32Array | Float64Array): Buffer =>
    Buffer.from(array.buffer, array.byteOffset, array.byteLength);
  const input = Buffer.concat([bytes(head), bytes(distances)]);
  const { status, stdout } = spawnSync("Rscript", [script], { encoding: "utf8", input });
  if (status !== 0) {
    console.log("R's package cluster is not installed: no figure of it");
    return undefined;
  }
  const [version, ms, loss] = stdout.split(" ");
  console.log(`R cluster ${version}`);
  return { ms: Number(ms), loss: Number(loss) };
}
