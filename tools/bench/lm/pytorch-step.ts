import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Shape } from "./model.ts";

/**
 * Median milliseconds of the step in PyTorch: CPU time of one thread on `cpu`, elapsed time on `cuda`; undefined, with a line that says so,
 * where no Python here has it.
 */
export function pytorchStep(shape: Shape, device: "cpu" | "cuda"): number | undefined {
  const script = fileURLToPath(new URL("pytorch-step.py", import.meta.url));
  for (const python of ["python3", "/usr/bin/python3"]) {
    const args = [script, JSON.stringify(shape), device];
    const { status, stdout } = spawnSync(python, args, { encoding: "utf8" });
    if (status !== 0) continue;
    const { version, device: name, step_ms } = JSON.parse(stdout);
    console.log(`PyTorch ${version} on ${name}`);
    return Number(step_ms);
  }
  console.log(`PyTorch${device === "cuda" ? " with CUDA" : ""} is not installed: no figure of it`);
  return undefined;
}
