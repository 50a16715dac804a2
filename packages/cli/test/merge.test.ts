import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runColm } from "./run-colm.ts";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

describe("colm merge", () => {
  let job: TinyJob;
  const at = (name: string): string => join(job.cwd, name);
  const loss = async (...model: string[]): Promise<number> => {
    const { stdout } = await runMain(["evaluate", ...model, "--data", at("held-out.jsonl"), "--json"]);
    return JSON.parse(stdout).losses.micro;
  };

  beforeAll(async () => {
    job = await tinyJob();
    const argv = ["--model", at("model"), "--data", at("train.jsonl"), "--pool", "16", "--budget", "8"];
    const options = [
      "--max-steps",
      "3",
      "--learning-rate",
      "0.05",
      "--lora-rank",
      "2",
      "--output",
      at("run"),
    ];
    const { code } = await runMain(["train", ...argv, ...options, "--method", "random"]);
    expect(code).toBe(0);
  });

  it("writes a plain model with the losses of model and adapter", async () => {
    const adapter = ["--model", at("model"), "--adapter", at("run/adapter")];
    const { code, stdout, stderr } = await runMain(["merge", ...adapter, "--output", at("merged"), "--json"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toEqual({ folder: at("merged"), rank: 2, alpha: 8 });
    expect(readdirSync(at("merged")).sort()).toEqual([
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const [base, adapted, merged] = [
      await loss("--model", at("model")),
      await loss(...adapter),
      await loss("--model", at("merged")),
    ];
    expect(Math.abs(adapted - base)).toBeGreaterThan(1e-2);
    // float32: the products are added up in another order
    expect(Math.abs(merged - adapted)).toBeLessThan(1e-4);
  });

  it("leaves nothing where it cannot write, so that the next one can", async () => {
    // 4 blocks of 1024 bytes: less than the model
    const script = (command: string): string => `ulimit -f 4; trap '' XFSZ; exec ${command}`;
    const argv = ["merge", "--model", "model", "--adapter", "run/adapter", "--output", "parts/merged"];
    const { code, stderr } = await runColm(argv, { cwd: job.cwd, script });
    expect(stderr).toMatch(/^colm merge: .*EFBIG.*\n$/);
    expect(code).toBe(2);
    expect(readdirSync(at("parts"))).toEqual([]);
    expect((await runColm(argv, { cwd: job.cwd })).code).toBe(0);
    expect(readdirSync(at("parts"))).toEqual(["merged"]);
    expect(statSync(at("parts/merged")).mode & 0o777).toBe(statSync(at("parts")).mode & 0o777);
  });

  it("writes over nothing, and needs an adapter", async () => {
    const model = ["--model", at("model")];
    const over = await runMain(["merge", ...model, "--adapter", at("run/adapter"), "--output", at("model")]);
    expect(over.stderr).toBe(
      `colm merge: --output must be a path where nothing is yet, got ${at("model")}\n`,
    );
    expect(over.code).toBe(2);
    const none = await runMain(["merge", ...model, "--output", at("x")]);
    expect(none.stderr).toBe("colm merge: --adapter DIR must be given\n");
  });
});
