import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { methodNames } from "@colm/trainer-tfjs";
import { beforeAll, describe, expect, it } from "vitest";
import { methods } from "../src/commands/train-choices.ts";
import { trainTable } from "../src/commands/train-table.ts";
import { configSettings, expandConfig, settingsArguments } from "../src/config-file.ts";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";
import { trainSchema } from "./train-schema.ts";

const settings = (value: unknown): object => configSettings("train.json", value, trainTable);

describe("the published schema", () => {
  it("is that of the options (vitest -u writes it anew)", async () => {
    await expect(`${JSON.stringify(trainSchema(), null, 2)}\n`).toMatchFileSnapshot("../schema/train.json");
  });

  it("knows the methods that the trainer knows", () => {
    expect([...methods].sort()).toEqual([...methodNames].sort());
  });
});

describe("settings of a config file", () => {
  it("have names with underscores, dashes or in camelCase", () => {
    expect(settings({ max_steps: 3, "learning-rate": 0.1, loraRank: 4, $schema: "x" })).toEqual({
      "max-steps": 3,
      "learning-rate": 0.1,
      "lora-rank": 4,
    });
  });

  it("become arguments", () => {
    const argv = settingsArguments({
      "max-steps": 3,
      "small-sources": ["a", "b c"],
      full: true,
      fresh: false,
    });
    expect(argv).toEqual(["--max-steps=3", "--small-sources=a,b c", "--full"]);
  });

  it.each([
    [[1], "train.json must be an object of settings, got a list"],
    [{ max_step: 3 }, 'train.json must hold settings alone, got "max_step", did you mean "max_steps"?'],
    [{ colour: 3 }, 'train.json must hold settings alone, got "colour"'],
    [{ resume: "x" }, 'train.json must hold settings alone, got "resume"'],
    [{ max_steps: 3, maxSteps: 4 }, 'train.json must hold "maxSteps" once, got it twice'],
    [{ max_steps: 1.5 }, 'train.json: "max_steps" must be an integer, got 1.5'],
    [{ max_steps: "3" }, 'train.json: "max_steps" must be an integer, got "3"'],
    [{ learning_rate: null }, 'train.json: "learning_rate" must be a number, got null'],
    [{ full: "yes" }, 'train.json: "full" must be true or false, got "yes"'],
    [{ method: "best" }, /train\.json: "method" must be one of colm, .*, got "best"/],
    [
      { small_sources: ["a,b"] },
      'train.json: "small_sources" must be a list of texts without commas, got "a,b"',
    ],
    [{ small_sources: { a: 1 } }, 'train.json: "small_sources" must be a list of texts, got an object'],
    [{ model: 3 }, 'train.json: "model" must be a text, got 3'],
    [{ clusters: true }, 'train.json: "clusters" must be a text or a number, got true'],
    [{ template: ["a"] }, 'train.json: "template" must be a text, got a list'],
  ])("are refused: %j", (value, message) => {
    expect(() => settings(value)).toThrow(message);
  });
});

describe("colm train --config", () => {
  let job: TinyJob;
  beforeAll(async () => {
    job = await tinyJob();
  });
  const write = (name: string, value: unknown): string => {
    const path = join(job.cwd, name);
    writeFileSync(path, typeof value === "string" ? value : JSON.stringify(value));
    return path;
  };

  it("reads a file that begins with a byte order mark", async () => {
    const path = write("marked.json", `\uFEFF${JSON.stringify({ seed: 1 })}`);
    expect(await expandConfig(["--config", path], trainTable)).toEqual(["--seed=1"]);
  });

  it("puts the file's settings before those of the command line", async () => {
    const path = write("a.json", { max_steps: 3, seed: 1 });
    const expanded = await expandConfig(["--seed", "2", "--config", path, "--full"], trainTable);
    expect(expanded).toEqual(["--max-steps=3", "--seed=1", "--seed", "2", "--full"]);
    expect(await expandConfig([`--config=${path}`], trainTable)).toEqual(["--max-steps=3", "--seed=1"]);
  });

  it("trains with them, and leaves JSON alone on standard output", async () => {
    const output = join(job.cwd, "configured");
    const path = write("train.json", {
      model: join(job.cwd, "model"),
      data: join(job.cwd, "train.jsonl"),
      pool: 16,
      budget: 8,
      max_steps: 5,
      lora_rank: 2,
      method: "keep-random",
      small_sources: ["rare"],
      backend: "cpu",
    });
    const { code, stdout, stderr } = await runMain([
      "train",
      "--config",
      path,
      "--max-steps",
      "1",
      "--output",
      output,
      "--json",
    ]);
    expect(code).toBe(0);
    expect(JSON.parse(stdout)).toMatchObject({ reason: "finished", folder: output, steps: 1, before: null });
    expect(stderr).toMatch(/step 1\/1/);
    const record = JSON.parse(readFileSync(join(output, "run.json"), "utf8"));
    expect(record).toMatchObject({ method: "keep-random", budget: 8 });
    expect(record.settings).toMatchObject({
      model: "model",
      data: "train.jsonl",
      smallSources: "rare",
      maxSteps: 1,
    });
    expect(record.settings).not.toHaveProperty("seed");
  });

  it("refuses a file that is missing, no JSON, or has an unknown key, in one line", async () => {
    const refused = async (path: string, message: string): Promise<void> => {
      const { code, stderr } = await runMain(["train", "--config", path]);
      expect(stderr).toBe(`colm train: ${message}\n`);
      expect(code).toBe(2);
    };
    const missing = join(job.cwd, "missing.json");
    await refused(missing, `--config must be a readable file, got ENOENT at ${missing}`);
    const broken = write("broken.json", "{");
    await refused(broken, `--config must be a JSON file, got something else in ${broken}`);
    const unknown = write("unknown.json", { bugdet: 4 });
    await refused(unknown, `${unknown} must hold settings alone, got "bugdet", did you mean "budget"?`);
  });
});
