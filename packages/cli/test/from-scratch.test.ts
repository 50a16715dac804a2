import { cpSync, existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { chooseBackend, createModel, loadModel, trainableVariables } from "@colm/lm-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { beforeAll, describe, expect, it } from "vitest";
import { main } from "../src/index.ts";
import { writeWeights } from "../src/write-results.ts";
import { runColm } from "./run-colm.ts";
import { runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;

const texts = (words: readonly string[], count: number): string =>
  Array.from({ length: count }, (_, i) => JSON.stringify({ text: words.map((word) => word + i).join(" ") }))
    .map((line) => `${line}\n`)
    .join("");

beforeAll(async () => {
  job = await tinyJob();
  // what a model is made of, and no weights
  cpSync(join(job.cwd, "model"), join(job.cwd, "description"), { recursive: true });
  rmSync(join(job.cwd, "description", "model.safetensors"));
  writeFileSync(join(job.cwd, "books.jsonl"), texts(["once upon a time"], 40));
  writeFileSync(join(job.cwd, "laws.jsonl"), texts(["be it enacted"], 10));
  writeFileSync(join(job.cwd, "held.jsonl"), texts(["once upon", "a time"], 6));
});

const scratch = (output: string, ...more: string[]): string[] => [
  ...["train", "--model", "description", "--from-scratch", "--data", "books.jsonl,laws.jsonl"],
  ...["--source-from", "file", "--max-length", "16", "--pool", "16", "--budget", "8"],
  ...["--max-steps", "6", "--save-steps", "3", "--learning-rate", "0.01", "--output", output, ...more],
];

const bytes = (folder: string, part = "model"): Buffer =>
  readFileSync(join(job.cwd, folder, part, "model.safetensors"));

const record = (folder: string) => JSON.parse(readFileSync(join(job.cwd, folder, "run.json"), "utf8"));

const losses = (folder: string): number[] => record(folder).steps.map(({ loss }: { loss: number }) => loss);

describe("colm train --from-scratch", () => {
  it("trains every weight on packed chunks, and writes a whole folder that the other commands open", async () => {
    const { code, stdout, stderr } = await runColm(scratch("runs/first", "--validation", "held.jsonl"), {
      cwd: job.cwd,
    });
    expect(stderr).toBe("");
    expect(code).toBe(0);
    // with its end a book has 18 tokens, 30 of them 19, a law 15: ceil(750 / 16) + ceil(150 / 16)
    expect(stdout).toContain("books.jsonl, laws.jsonl: 50 rows, 57 chunks of 16 tokens at most\n");
    // 6 of 19 tokens
    expect(stdout).toContain("held.jsonl: 6 rows, 8 chunks of 16 tokens at most\n");
    expect(stdout).not.toContain("exact match");
    const { settings, sources, evaluations } = record("runs/first");
    expect(settings).toMatchObject({ fromScratch: true, sourceFrom: "file", loraRank: null });
    expect(sources.map(({ name }: { name: string }) => name)).toEqual(["books", "laws", "held"]);
    // fresh weights of deviation 0.2 over 97 tokens, tied: near ln 97 = 4.57
    expect(Math.abs(evaluations[0].micro - Math.log(97))).toBeLessThan(0.7);
    expect(evaluations[1].micro).toBeLessThan(evaluations[0].micro - 0.2);

    const model = join("runs", "first", "model");
    expect(readdirSync(join(job.cwd, model)).sort()).toEqual([
      "config.json",
      "model.safetensors",
      "tokenizer.json",
      "tokenizer_config.json",
    ]);
    const argv = [
      "--model",
      model,
      "--data",
      "held.jsonl",
      "--packing",
      "on",
      "--max-length",
      "16",
      "--source-from",
      "file",
    ];
    const evaluated = await runColm(["evaluate", ...argv, "--json"], { cwd: job.cwd });
    expect(evaluated.stderr).toMatch(/8 chunks of 16 tokens/);
    const means = JSON.parse(evaluated.stdout);
    expect(means.losses.micro).toBeCloseTo(evaluations[1].micro, 5);
    expect(means.perplexity.micro).toBeCloseTo(Math.exp(means.tokenLosses.micro), 8);
    expect(means).not.toHaveProperty("matches");
    const written = await runColm(
      ["generate", "--model", model, "--prompt", "once", "--max-new-tokens", "5"],
      { cwd: job.cwd },
    );
    expect(written.code).toBe(0);
    expect(written.stdout.length).toBeGreaterThan(1);
    await chooseBackend("cpu");
    const loaded = await loadModel(join(job.cwd, model));
    expect(loaded.tokenizer?.decode(loaded.tokenizer.encode("a time"))).toBe("a time");
    loaded.dispose();
  });

  it("goes on from a checkpoint bit for bit, and does the same on worker threads", async () => {
    expect((await runColm(scratch("runs/straight"), { cwd: job.cwd })).code).toBe(0);
    const cut = join(job.cwd, "runs", "cut");
    cpSync(join(job.cwd, "runs", "straight"), cut, { recursive: true });
    for (const later of ["checkpoint-6", "model", "run.json", "report.html"]) {
      rmSync(join(cut, later), { recursive: true });
    }
    const resumed = await runColm(["train", "--resume", "runs/cut"], { cwd: job.cwd });
    expect(resumed.stderr).toBe("");
    expect(resumed.code).toBe(0);
    expect(resumed.stdout).not.toContain("step 3/6");
    // or a grid would take it for another run
    expect(readFileSync(join(cut, "arguments.json"), "utf8")).toBe(
      readFileSync(join(job.cwd, "runs", "straight", "arguments.json"), "utf8"),
    );
    expect(bytes("runs/cut").equals(bytes("runs/straight"))).toBe(true);
    expect(losses("runs/cut")).toEqual(losses("runs/straight").slice(3));
    expect(bytes("runs/cut", "checkpoint-6").equals(bytes("runs/cut"))).toBe(true);
    const threads = scratch("runs/threads", "--workers", "2", "--per-device-train-batch-size", "4");
    const alone = scratch("runs/alone", "--per-device-train-batch-size", "4");
    for (const argv of [threads, alone]) expect((await runColm(argv, { cwd: job.cwd })).code).toBe(0);
    expect(bytes("runs/threads").equals(bytes("runs/alone"))).toBe(true);
  });

  it("takes nothing from weights that lie in the folder; the seed says which are drawn", async () => {
    const runs = {
      described: ["--seed", "5"],
      weighted: ["--seed", "5", "--model", "model"],
      other: ["--seed", "6"],
    };
    for (const [name, more] of Object.entries(runs)) {
      const argv = scratch(`runs/${name}`, "--max-steps", "1", "--method", "random", ...more);
      expect((await runColm(argv, { cwd: job.cwd })).code).toBe(0);
    }
    expect(bytes("runs/weighted").equals(bytes("runs/described"))).toBe(true);
    expect(bytes("runs/other").equals(bytes("runs/described"))).toBe(false);
  });

  it.each(["fromScratch", "from_scratch"])(
    "is the config key %s; packing can be switched off",
    async (key) => {
      const config = join(job.cwd, `${key}.json`);
      const output = join(job.cwd, "runs", key);
      const at = (name: string): string => join(job.cwd, name);
      writeFileSync(
        config,
        JSON.stringify({
          ...{
            model: at("description"),
            [key]: true,
            data: [at("books.jsonl")],
            source_from: "none",
            max_length: 32,
            output,
          },
          ...{ packing: "off", pool: 8, budget: 4, max_steps: 1, method: "random", backend: "cpu" },
        }),
      );
      const { code, stdout, stderr } = await runMain(["train", "--config", config, "--json"]);
      expect(stderr).not.toMatch(/chunks|colm/);
      expect(code).toBe(0);
      expect(JSON.parse(stdout)).toMatchObject({ steps: 1, weights: join(output, "model") });
      expect(record(join("runs", key)).settings).toMatchObject({ examples: 40, fromScratch: true });
    },
  );

  it("runs in a grid", async () => {
    const { code, stderr } = await runMain(["compare", "--grid", writeGrid(), "--dry-run", "--output", "g"]);
    expect(stderr).toBe("");
    expect(code).toBe(0);
  });
  const writeGrid = (): string => {
    const path = join(job.cwd, "grid.json");
    const train = { model: "description", from_scratch: true, data: "books.jsonl", max_length: 16 };
    writeFileSync(path, JSON.stringify({ train, methods: ["colm", "random"], seeds: [1] }));
    return path;
  };

  it.each([
    [["--lora-rank", "4"], "--from-scratch trains every weight: leave out --lora-rank"],
    [["--adapter", "model"], "--from-scratch trains every weight: leave out --adapter"],
    [["--seed=-1"], "--seed must be an integer of at least 0, got -1"],
    [["--packing", "yes"], '--packing must be one of on, off, got "yes"'],
  ])("refuses %j in one line", async (more, message) => {
    const path = (name: string): string => join(job.cwd, name);
    const argv = ["train", "--model", path("model"), "--from-scratch", "--data", path("books.jsonl")];
    const output = path("refused");
    const { code, stderr } = await runMain([...argv, "--backend", "cpu", "--output", output, ...more]);
    expect(stderr).toBe(`colm train: ${message}\n`);
    expect(code).toBe(2);
    expect(existsSync(output)).toBe(false);
  });
});

describe("rows of text that name no source", () => {
  it("are refused with the options that name it, and trained on with one", async () => {
    writeFileSync(join(job.cwd, "story.txt"), "once upon a time there was a tree. ".repeat(20));
    const path = (name: string): string => join(job.cwd, name);
    const argv = [
      "train",
      "--model",
      path("description"),
      "--from-scratch",
      "--backend",
      "cpu",
      "--max-length",
      "16",
    ];
    const { code, stderr } = await runMain([...argv, "--data", path("books.jsonl")]);
    const hint = "give --source NAME, or --source-from file or none";
    expect(stderr).toBe(
      `colm train: "source" must name the row's source (or ${hint}), got undefined at ${path("books.jsonl")}:1\n`,
    );
    expect(code).toBe(2);
    const more = ["--pool", "8", "--budget", "4", "--max-steps", "1", "--output", path("told")];
    const told = await runMain([...argv, "--data", path("story.txt"), "--source-from", "file", ...more]);
    expect(told.stderr).toBe("");
    expect(told.code).toBe(0);
    expect(told.stdout).toContain("story.txt: 1 rows, 44 chunks of 16 tokens at most");
  });
});

describe("on a terminal", () => {
  it("says that rows are read and held-out examples measured, which may take a minute", async () => {
    let text = "";
    const stdout = { isTTY: true, columns: 200, write: (part: string) => (text += part) };
    const path = (name: string): string => join(job.cwd, name);
    const argv = ["train", "--model", path("model"), "--backend", "cpu", "--data", path("train.jsonl")];
    const more = ["--validation", path("held-out.jsonl"), "--pool", "8", "--budget", "4", "--max-steps", "1"];
    await main([...argv, ...more, "--output", path("watched")], {
      ...{ stdout, stderr: stdout, signal: new AbortController().signal, debug: false, environment: {} },
      now: () => performance.now(),
    });
    const clear = "\r\u001b[K";
    expect(text).toContain(
      `${clear}reading ${path("train.jsonl")}\n${clear}reading ${path("held-out.jsonl")}\n`,
    );
    expect(text).toContain(`${clear}measuring 12 held-out examples before the first step${clear}step 1/1 `);
  });
});

describe("--packing", () => {
  it("measures rows one after another, whatever they hold, and says so", async () => {
    const path = (name: string): string => join(job.cwd, name);
    const argv = ["evaluate", "--model", path("model"), "--backend", "cpu", "--packing", "on"];
    const { code, stdout } = await runMain([...argv, "--data", path("held-out.jsonl"), "--max-length", "24"]);
    expect(code).toBe(0);
    // 12 tokens each, 6, 5 and 1 of a source: 3 + 3 + 1
    expect(stdout).toContain("12 rows, 7 chunks of 24 tokens at most");
    expect(stdout).toMatch(/source +examples +tokens +loss +perplexity\n/);
  });

  it.each([["--answers", "text"], ["--choices"]])("is refused with %s", async (...more) => {
    const argv = ["evaluate", "--model", "model", "--data", "held-out.jsonl", "--packing", "on", ...more];
    const { code, stderr } = await runMain(argv);
    expect(stderr).toBe(`colm evaluate: --packing must be off with ${more[0]}: chunks are no rows\n`);
    expect(code).toBe(2);
  });
});

describe("writing what was trained", () => {
  it("leaves no folder, which would say that the run is finished, when it fails on the way", async () => {
    await chooseBackend("cpu");
    const loaded = await loadModel(join(job.cwd, "model"));
    const model = createModel(loaded.config, { seed: 1 });
    loaded.dispose();
    const folder = join(job.cwd, "broken");
    await writeWeights(folder, model);
    const before = readFileSync(join(folder, "model", "model.safetensors"));
    const norm = trainableVariables(model).get("model.norm.weight");
    tf.tidy(() => norm?.assign(tf.mul(norm, Infinity)));
    await expect(writeWeights(folder, model)).rejects.toThrow(/must be finite/);
    expect(readdirSync(folder)).toEqual(["model"]);
    expect(readFileSync(join(folder, "model", "model.safetensors")).equals(before)).toBe(true);
    await expect(writeWeights(join(job.cwd, "other"), model)).rejects.toThrow(/must be finite/);
    expect(readdirSync(join(job.cwd, "other"))).toEqual([]);
    model.dispose();
  });
});
