import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
const at = (name: string): string => join(job.cwd, name);
beforeAll(async () => {
  job = await tinyJob();
});

/** The line with which a run is refused. */
async function refusal(...argv: string[]): Promise<string> {
  const files = ["--model", at("nowhere"), "--data", at("train.jsonl"), "--output", at("run")];
  const { code, stdout, stderr } = await runMain(["train", ...files, ...argv]);
  expect([code, stdout, existsSync(at("run"))]).toEqual([2, "", false]);
  return stderr.replace("colm train: ", "").trimEnd();
}

describe("an option that would change nothing beside another one is refused", () => {
  it.each([
    [
      "--method random --metric l1",
      "--metric must not be given with --method random, which compares nothing",
    ],
    [
      "--method keep-random --features spsa",
      "--features must not be given with --method keep-random, which compares nothing",
    ],
    ["--method random --fresh", "--fresh must not be given with --method random, which compares nothing"],
    ["--small-sources rare --boundary median", /^--boundary must not be given with --small-sources/],
    ["--full --use-rslora", "--full trains every weight: leave out --use-rslora"],
    ["--full --lora-rank 2", "--full trains every weight: leave out --lora-rank"],
    ["--adapter x --lora-rank 2", "--lora-rank must not be given with --adapter, which has its own"],
    ["--adapter x --use-rslora", "--use-rslora must not be given with --adapter, which has its own"],
    [
      "--max-steps 2 --num-train-epochs 1",
      "--num-train-epochs must not be given with --max-steps: give one of them",
    ],
    [
      "--warmup-steps 2 --warmup-ratio 0",
      "--warmup-ratio must not be given with --warmup-steps: give one of them",
    ],
    ["--momentum 0.9", "--momentum must go with --optim sgd, got adamw"],
    ["--momentum 0.9 --optim lion", "--momentum must go with --optim sgd, got lion"],
    ["--optim sgd --adam-beta1 0.9", "--adam-beta1 must not be given with --optim sgd"],
    ["--eval-steps 2", "--eval-steps must go with --validation"],
    ["--metric-for-best-model macro", "--metric-for-best-model must go with --validation"],
    ["--logging-dir logs", "--logging-dir must go with --report-to tensorboard"],
    ["--logging-dir logs --report-to none", "--logging-dir must go with --report-to tensorboard"],
  ])("%s", async (argv, message) => {
    expect(await refusal(...argv.split(" "))).toMatch(message);
  });

  it("also where a file of settings gives one of the two", async () => {
    writeFileSync(at("config.json"), JSON.stringify({ metric: "l1" }));
    expect(await refusal("--config", at("config.json"), "--method", "random")).toMatch(/^--metric must not/);
  });

  it.each([
    "--optim sgd --momentum 0.9",
    "--optim lion --adam-beta2 0.9",
    "--method random --small-sources a",
  ])("but not what means something: %s", async (argv) => {
    expect(await refusal(...argv.split(" "))).toMatch(/^--model must be a folder/);
  });

  it("and not what a grid sets for all of its runs", async () => {
    const train = {
      ...{ model: at("model"), data: at("train.jsonl"), pool: 16, budget: 8, lora_rank: 2, max_steps: 1 },
      metric: "l1",
    };
    writeFileSync(at("grid.json"), JSON.stringify({ train, methods: ["random"], seeds: [1] }));
    const { code, stdout } = await runMain(["compare", "--grid", at("grid.json"), "--output", at("grid")]);
    expect(stdout).not.toContain("failed");
    expect(code).toBe(0);
  });
});
