import { existsSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { trainTable } from "../src/commands/train-table.ts";
import { main } from "../src/index.ts";
import { type MainOutcome, runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

const commands = ["train", "select", "evaluate", "generate", "merge", "report", "compare", "doctor", "bench"];
const run = (...argv: string[]): Promise<MainOutcome> => runMain(argv);

describe("help", () => {
  it("lists the commands", async () => {
    for (const argv of [[], ["--help"], ["help"]]) {
      const { code, stdout } = await run(...argv);
      expect(code).toBe(0);
      for (const name of commands) expect(stdout).toContain(`\n  ${name} `);
      expect(stdout).toContain("Exit codes: 0 done; 1 unexpected error");
    }
  });

  it("of each command has examples and every option", async () => {
    for (const name of commands) {
      const { code, stdout } = await run(name, "--help");
      expect(code).toBe(0);
      expect(stdout).toMatch(new RegExp(`^colm ${name}: .*\\n\\n  colm ${name} `));
      expect(stdout).toContain(`Examples:\n  colm ${name}`);
      expect(stdout).toContain("\n  --json ");
      expect(Math.max(...stdout.split("\n").map((line) => line.length))).toBeLessThanOrEqual(120);
    }
    const { stdout } = await run("train", "--help");
    for (const option of Object.keys(trainTable)) expect(stdout).toContain(`\n  --${option} `);
    for (const heading of ["Selection", "Length", "Optimizer", "Memory"])
      expect(stdout).toContain(`\n${heading}:\n`);
  });

  it("is what an unknown command is pointed to", async () => {
    const { code, stderr } = await run("tarin");
    expect(code).toBe(2);
    expect(stderr).toBe(`colm: the command must be one of ${commands.join(", ")}, got "tarin"\n`);
  });
});

describe("the version", () => {
  it("is that of the package", async () => {
    const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
    expect(await run("--version")).toMatchObject({ code: 0, stdout: `colm ${version}\n`, stderr: "" });
  });
});

describe("generate", () => {
  let job: TinyJob;
  beforeAll(async () => {
    job = await tinyJob();
  });

  it("writes from a prompt or from an instruction in the template", async () => {
    const model = `${job.cwd}/model`;
    const prompt = await run("generate", "--model", model, "--prompt", "Q: 1+1\nA:", "--max-new-tokens", "4");
    const instruction = await run(
      "generate",
      "--model",
      model,
      "--instruction",
      "1+1",
      "--max-new-tokens",
      "4",
    );
    expect(prompt.code).toBe(0);
    expect(prompt.stdout).toMatch(/\n$/);
    expect(instruction).toEqual(prompt);
  });
});

describe("generate that is stopped", () => {
  it("says how much was printed, which stands", async () => {
    const job = await tinyJob();
    const controller = new AbortController();
    let [stdout, stderr] = ["", ""];
    const output = (part: string): void => {
      stdout += part;
      controller.abort();
    };
    const argv = ["--model", `${job.cwd}/model`, "--prompt", "1+1", "--max-new-tokens", "40"];
    const code = await main(["generate", ...argv], {
      stdout: { write: output },
      stderr: { write: (part) => (stderr += part) },
      signal: controller.signal,
      now: () => 0,
      debug: false,
      environment: {},
    });
    expect(stdout.length).toBeGreaterThan(1);
    expect(stderr).toBe(`colm generate: stopped after ${stdout.length - 1} letters\n`);
    expect(code).toBe(130);
  });
});

const stories = fileURLToPath(new URL("../../../../shared/models/stories260K-hf", import.meta.url));

describe("a real model", () => {
  it.skipIf(!existsSync(stories))("goes on with a story (needs ../shared/models)", async () => {
    const { code, stdout } = await run(
      "generate",
      "--model",
      stories,
      "--prompt",
      "Once upon a time",
      "--max-new-tokens",
      "24",
    );
    expect(code).toBe(0);
    expect(stdout).toContain("there was");
  });
});
