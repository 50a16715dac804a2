import { spawn } from "node:child_process";
import {
  chmodSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { type Matrix, matrix } from "@colm/array";
import { chooseBackend } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { lastCheckpoint } from "../src/checkpoint.ts";
import { train } from "../src/index.ts";
import { allValues, tinyLora } from "./tiny.ts";
import { events, steps, tinyRun } from "./tiny-run.ts";

beforeAll(async () => {
  await chooseBackend("wasm");
});

const CHILD = fileURLToPath(new URL("killed-run.ts", import.meta.url));
const NOBODY = process.getuid?.() === 0 ? { uid: 65_534, gid: 65_534 } : {};
const fresh = (): string => mkdtempSync(join(tmpdir(), "colm-failures-"));
const checkpoints = (folder: string): string[] =>
  readdirSync(folder)
    .filter((name) => !name.endsWith(".jsonl"))
    .sort();

describe("a folder that cannot be written", () => {
  it("is one clear message where it lies behind a file", async () => {
    const outputDir = join(fresh(), "file");
    writeFileSync(outputDir, "");
    const model = tinyLora();
    await expect(events({ ...tinyRun, model, outputDir: join(outputDir, "run") })).rejects.toThrow(
      /^train: ".*events\.jsonl" must be writable, got ENOTDIR/,
    );
    model.dispose();
  });

  it("is one clear message where it is read-only", async () => {
    const outputDir = fresh();
    chmodSync(outputDir, 0o555);
    // root may write anywhere: it asks as nobody
    const { code, stderr } = await run(`exec "${process.execPath}" "${CHILD}" "${outputDir}" 2`, NOBODY);
    expect(code).toBe(1);
    expect(stderr).toMatch(/Error: train: ".*events\.jsonl" must be writable, got EACCES/);
    expect(readdirSync(outputDir)).toEqual([]);
  });

  it("leaves the last checkpoint whole when it fails later", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    const failing = train({ ...tinyRun, model, outputDir, saveSteps: 1, saveTotalLimit: 1 });
    const failure = (async () => {
      for await (const event of failing) {
        // a file stands where the parent was: nothing can be made below it
        if (event.type === "checkpoint" && event.step === 2) {
          renameSync(outputDir, `${outputDir}-moved`);
          writeFileSync(outputDir, "");
        }
      }
    })();
    await expect(failure).rejects.toThrow(
      /^train: no checkpoint of step 3 in .*: EEXIST: file already exists, mkdir .*; checkpoint-2 is whole$/,
    );
    expect(checkpoints(`${outputDir}-moved`)).toEqual(["checkpoint-2"]);
    model.dispose();
  });
});

describe("a full disk", () => {
  it("is one clear message, and the checkpoints before it go on to the same end", async () => {
    const folder = fresh();
    // no file may grow beyond 32 KiB, which the memory of remembered features does after some updates
    const { code, stderr } = await run(`ulimit -f 32; exec "${process.execPath}" "${CHILD}" "${folder}" 12`);
    expect(code).toBe(1);
    expect(stderr).toMatch(
      /train: (".*events\.jsonl" must be writable, got EFBIG|no checkpoint of step \d+ in .*EFBIG)/,
    );
    const last = await lastCheckpoint(folder);
    expect(last?.step).toBeGreaterThan(0);
    expect(readdirSync(folder).filter((name) => name.startsWith("."))).toEqual([]);
    expect((await run(`exec "${process.execPath}" "${CHILD}" "${folder}" 12`)).code).toBe(0);
    const whole = fresh();
    expect((await run(`exec "${process.execPath}" "${CHILD}" "${whole}" 12`)).code).toBe(0);
    const weights = (at: string): Buffer =>
      readFileSync(join(at, "checkpoint-12", "adapter_model.safetensors"));
    expect(weights(folder).equals(weights(whole))).toBe(true);
  });
});

function run(command: string, as: object = {}): Promise<{ code: number | null; stderr: string }> {
  const child = spawn("bash", ["-c", command], { stdio: ["ignore", "ignore", "pipe"], ...as });
  let stderr = "";
  child.stderr.on("data", (data) => {
    stderr += data;
  });
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, stderr })));
}

describe("a loss that is not finite at step 17", () => {
  it("ends the run there; from the checkpoint before it the run goes on to the same end", async () => {
    const options = { ...tinyRun, method: "random", maxSteps: 20, saveSteps: 8 } as const;
    const outputDir = fresh();
    const broken = tinyLora();
    const failing = train({
      ...options,
      model: broken,
      outputDir,
      callbacks: [
        {
          onStepBegin({ globalStep }) {
            if (globalStep !== 16) return undefined;
            for (const { value } of broken.allParameters()) value.assign(tf.fill(value.shape, Number.NaN));
            return undefined;
          },
        },
      ],
    });
    await expect(failing.result).rejects.toThrow('train: "loss" must be finite, got NaN at step 17');
    expect(checkpoints(outputDir)).toEqual(["checkpoint-16", "checkpoint-8"]);
    const resumed = tinyLora();
    const rest = await steps({ ...options, model: resumed, outputDir, resumeFromCheckpoint: true });
    const straight = tinyLora();
    const all = await steps({ ...options, model: straight });
    expect(rest.map(({ loss }) => loss)).toEqual(all.slice(16).map(({ loss }) => loss));
    expect(await allValues(resumed)).toEqual(await allValues(straight));
    for (const model of [broken, resumed, straight]) model.dispose();
  });
});

describe("data that vanishes", () => {
  it("ends the run with one message, the last checkpoint whole", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    const { trainDataset: examples } = tinyRun;
    let gone = false;
    const trainDataset = {
      length: examples.length,
      async get(index: number) {
        if (gone) throw new Error("ENOENT: no such file or directory, open 'train.parquet'");
        return examples[index];
      },
    };
    const seen = train({ ...tinyRun, model, method: "random", trainDataset, outputDir, saveSteps: 1 });
    const failure = (async () => {
      for await (const event of seen) if (event.type === "checkpoint" && event.step === 2) gone = true;
    })();
    await expect(failure).rejects.toThrow(
      /^train: "trainDataset" must stay readable, got ENOENT: no such file or directory, open 'train.parquet' at example \d+$/,
    );
    expect(checkpoints(outputDir)).toEqual(["checkpoint-1", "checkpoint-2"]);
    model.dispose();
  });
});

describe("a worker that is killed", () => {
  it("ends the run with its message, the last checkpoint whole", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    let calls = 0;
    const gone = async (): Promise<never> => {
      throw new Error("worker 3 has exited with code 137");
    };
    const kernels = {
      mode: "webasm",
      pairwise: gone,
      gram: async (points: Matrix): Promise<Matrix> => {
        if (++calls > 2) return gone();
        const [n] = points.shape;
        return matrix(new Float32Array(n * n).fill(1), n, n);
      },
    };
    const selection = { mode: "default", kernels } as const;
    const before = tf.memory().numTensors;
    const failing = train({ ...tinyRun, model, outputDir, saveSteps: 1, selection });
    await expect(failing.result).rejects.toThrow("worker 3 has exited with code 137");
    expect(checkpoints(outputDir)).toEqual(["checkpoint-1", "checkpoint-2"]);
    expect(tf.memory().numTensors).toBe(before);
    model.dispose();
  });
});

describe("a checkpoint that was changed", () => {
  it("is refused, whichever byte of whichever file it is", async () => {
    const outputDir = fresh();
    const model = tinyLora();
    await events({ ...tinyRun, model, outputDir, maxSteps: 4 });
    const path = join(outputDir, "checkpoint-4");
    for (const name of [
      "adapter_model.safetensors",
      "optimizer.safetensors",
      "selector.json",
      "adapter_config.json",
    ]) {
      const whole = readFileSync(join(path, name));
      const changed = Buffer.from(whole);
      changed[changed.length - 3] ^= 1;
      for (const contents of [changed, whole.subarray(0, whole.length - 1)]) {
        writeFileSync(join(path, name), contents);
        await expect(events({ ...tinyRun, model, resumeFromCheckpoint: path })).rejects.toThrow(
          `train: "resumeFromCheckpoint" must be a checkpoint as it was written, got other contents in ${join(path, name)}`,
        );
      }
      rmSync(join(path, name));
      await expect(events({ ...tinyRun, model, resumeFromCheckpoint: path })).rejects.toThrow(
        `train: "resumeFromCheckpoint" must be a whole checkpoint, got no ${join(path, name)}`,
      );
      writeFileSync(join(path, name), whole);
    }
    model.dispose();
  });
});
