import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { resumableError } from "../src/resumable-error.ts";
import { type MainOutcome, runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
const at = (name: string): string => join(job.cwd, name);
const train = (name: string, ...more: string[]): Promise<MainOutcome> => {
  const fixed = ["--model", at("model"), "--data", at("train.jsonl"), "--pool", "16", "--budget", "8"];
  return runMain(["train", ...fixed, "--lora-rank", "2", "--output", at(name), ...more]);
};
const two = ["--max-steps", "2", "--method", "random"];

beforeAll(async () => {
  job = await tinyJob();
  const { code } = await train("run", ...two, "--json");
  expect(code).toBe(0);
});

/** Every file of a folder with its bytes. */
function contents(folder: string): [string, string][] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name))
    .sort()
    .map((path): [string, string] => [path, readFileSync(path, "base64")]);
}

describe("a folder that holds a run", () => {
  it("takes no other one, and says how to go on", async () => {
    const before = contents(at("run"));
    // refused before any work: the model that is named is not even looked for
    const { code, stdout, stderr } = await train("run", ...two, "--model", at("nowhere"));
    expect(stderr).toBe(
      `colm train: --output must be a folder without a run, got one in ${at("run")}: go on with colm train --resume ${at("run")}, or take another folder\n`,
    );
    expect([code, stdout]).toEqual([2, ""]);
    expect(contents(at("run"))).toEqual(before);
  });

  it("goes on with its own settings alone, and does not name the command that was refused", async () => {
    const { code, stderr } = await runMain(["train", "--resume", at("run"), "--seed", "4"]);
    expect(stderr).toBe(
      `colm train: "seed" must be 42 as in the checkpoint ${at("run/checkpoint-2")}, got 4: a run goes on with its own settings and data, others need a folder of their own\n`,
    );
    expect(code).toBe(2);
  });

  it.each(["adapter", "model", "run.json", "report.html", "events.jsonl", "arguments.json"])(
    "or only a file or folder called %s stays as it is",
    async (name) => {
      mkdirSync(at(`other-${name}`));
      writeFileSync(at(`other-${name}/${name}`), "of somebody else");
      const { code, stderr } = await train(`other-${name}`, ...two);
      expect(stderr).toBe(
        `colm train: --output must be a folder without a run, got ${at(`other-${name}/${name}`)}: take another folder\n`,
      );
      expect(code).toBe(2);
      expect(readFileSync(at(`other-${name}/${name}`), "utf8")).toBe("of somebody else");
    },
  );

  it("of the same arguments is begun anew where it ended before its first checkpoint", async () => {
    mkdirSync(at("begun"));
    for (const name of ["arguments.json", "events.jsonl"]) cpSync(at(`run/${name}`), at(`begun/${name}`));
    expect((await train("begun", ...two, "--template", "alpaca")).code).toBe(2);
    expect((await train("begun", ...two)).code).toBe(0);
    expect(existsSync(at("begun/adapter"))).toBe(true);
  });

  it.each([
    ["", '--output must be the name of a folder, got ""'],
    ["train.jsonl", /^colm train: --output must be a folder, got a file at .*train\.jsonl\n$/],
  ])("is none: --output %j", async (name, message) => {
    const output = name === "" ? "" : at(name);
    const { code, stderr } = await train("x", ...two, "--output", output);
    expect(stderr).toMatch(message);
    expect(code).toBe(2);
  });
});

describe("a start that fails", () => {
  const rate = ["--learning-rate", "1e30", "--warmup-ratio", "0", "--max-grad-norm", "1e30"];
  const failing = ["--max-steps", "9", "--method", "random", ...rate];

  it("takes away its own files, and leaves what was there", async () => {
    mkdirSync(at("mine"));
    writeFileSync(at("mine/notes.txt"), "mine");
    for (const name of ["mine", "none"]) {
      const { code, stderr } = await train(name, ...failing);
      expect(stderr).toMatch(/must be finite/);
      expect(code).toBe(2);
    }
    expect(readdirSync(at("mine"))).toEqual(["notes.txt"]);
    expect(existsSync(at("none"))).toBe(false);
    // an empty folder of the user stays too
    rmSync(at("mine/notes.txt"));
    await train("mine", ...failing);
    expect(readdirSync(at("mine"))).toEqual([]);
  });
});

describe("a run that goes on", () => {
  it("does so with the rows that it began with, in their order", async () => {
    const rows = readFileSync(at("train.jsonl"), "utf8");
    try {
      writeFileSync(at("train.jsonl"), `${rows.trimEnd().split("\n").reverse().join("\n")}\n`);
      const { code, stderr } = await runMain(["train", "--resume", at("run")]);
      expect(stderr).toBe(
        `colm train: "trainDataset" must be the examples in the order as in the checkpoint ${at("run/checkpoint-2")}, got others or another order: a run goes on with its own settings and data, others need a folder of their own\n`,
      );
      expect(code).toBe(2);
    } finally {
      writeFileSync(at("train.jsonl"), rows);
    }
  });

  it("prints what is asked for now, not what was asked for when it began", async () => {
    const { stdout } = await runMain(["train", "--resume", at("run")]);
    expect(() => JSON.parse(stdout)).toThrow(SyntaxError);
    expect(stdout).toContain("report.html\n");
    expect(readFileSync(at("run/arguments.json"), "utf8")).not.toContain("--json");
  });
});

describe("resumableError", () => {
  const told = (message: string): string =>
    resumableError(new RangeError(message), "q/checkpoint-4", "q").message;

  it("names the command that goes on, but not where the checkpoint was refused: it would be refused again", () => {
    expect(told('train: "loss" must be finite, got NaN at step 5')).toBe(
      '"loss" must be finite, got NaN at step 5; q/checkpoint-4 is whole, go on with: colm train --resume q',
    );
    const own = ": a run goes on with its own settings and data, others need a folder of their own";
    for (const refused of [
      '"seed" must be 3 as in the checkpoint q/checkpoint-4, got 4',
      '"model" must be the one that the checkpoint q/checkpoint-4 was made with, got other frozen weights',
    ]) {
      expect(told(`train: ${refused}`)).toBe(`${refused}${own}`);
    }
    const broken = '"resumeFromCheckpoint" must be a whole checkpoint, got no q/checkpoint-4/selector.json';
    expect(told(`train: ${broken}`)).toBe(broken);
  });
});
