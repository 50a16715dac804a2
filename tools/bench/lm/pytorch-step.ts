import { spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline/promises";
import { fileURLToPath } from "node:url";
import { median } from "../measure.ts";
import type { Shape } from "./model.ts";

type Device = "cpu" | "cuda";

/** PyTorch in a process of its own, which makes a step when it is asked to. */
export interface PyTorch {
  /** Milliseconds of one step: CPU time of one thread on `cpu`, elapsed time on `cuda`. */
  step(): Promise<number>;
  dispose(): void;
}

/** Starts PyTorch, warm; undefined, with a line that says so, where no Python here has it. */
export async function startPyTorch(shape: Shape, device: Device): Promise<PyTorch | undefined> {
  const script = fileURLToPath(new URL("pytorch-step.py", import.meta.url));
  const python = ["python3", "/usr/bin/python3"].find(
    (name) => spawnSync(name, [script, "--available", device]).status === 0,
  );
  if (python === undefined) {
    console.log(`PyTorch${device === "cuda" ? " with CUDA" : ""} is not installed: no figure of it`);
    return undefined;
  }
  const args = [script, JSON.stringify(shape), device];
  const child = spawn(python, args, { stdio: ["pipe", "pipe", "inherit"] });
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const next = async (): Promise<string> => {
    const { done, value } = await lines.next();
    if (done) throw new Error("bench: the process of PyTorch has ended");
    return value;
  };
  console.log(await next());
  return {
    async step() {
      child.stdin.write("\n");
      return Number(await next());
    },
    dispose: () => child.stdin.end(),
  };
}

/** Median milliseconds of five steps; undefined where PyTorch is not there. */
export async function pytorchStep(shape: Shape, device: Device): Promise<number | undefined> {
  const pytorch = await startPyTorch(shape, device);
  if (!pytorch) return undefined;
  const samples: number[] = [];
  for (let round = 0; round < 5; round++) samples.push(await pytorch.step());
  pytorch.dispose();
  return median(samples);
}
