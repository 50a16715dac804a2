import { existsSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { beforeAll, describe, expect, it } from "vitest";
import { type MainOutcome, runMain } from "./run-main.ts";
import { type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
const at = (name: string): string => join(job.cwd, name);
const lines = (rows: readonly object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join("");
const run = (...argv: string[]): Promise<MainOutcome> =>
  runMain(["evaluate", "--model", at("model"), ...argv]);

/** The value on standard output. */
async function json(...argv: string[]) {
  const { code, stdout, stderr } = await run(...argv, "--json");
  expect(stderr).toBe("");
  expect(code).toBe(0);
  return JSON.parse(stdout);
}

/** What the model writes after a prompt. */
async function written(prompt: string, tokens: number): Promise<string> {
  const argv = ["--prompt", prompt, "--max-new-tokens", String(tokens), "--json"];
  const { stdout } = await runMain(["generate", "--model", at("model"), ...argv]);
  return JSON.parse(stdout).text;
}

const cells = (line: string): string[] => line.split(/ {2,}/);

beforeAll(async () => {
  job = await tinyJob();
});

describe("colm evaluate", () => {
  it("shows losses, perplexities and exact matches by source", async () => {
    const { code, stdout, stderr } = await run(
      ...["--data", at("held-out.jsonl"), "--small-sources", "rare", "--backend", "cpu"],
    );
    expect(stderr).toBe("");
    expect(code).toBe(0);
    const table = stdout.trimEnd().split("\n").map(cells);
    expect(table[0]).toEqual(["source", "examples", "tokens", "loss", "perplexity", "exact match"]);
    expect(table.slice(2).map(([name]) => name)).toEqual([
      ...["even", "odd", "rare", "mixture", "mean of sources", "small sources"],
    ]);
    // a space, a digit and the end of each of the 12 sums below 10, one digit more where it is above
    expect(table[5].slice(0, 3)).toEqual(["mixture", "12", expect.stringMatching(/^3[6-9]$/)]);
    expect(table[7].slice(-3)).toEqual(table[4].slice(-3));
  });

  it("gives the same as JSON, the perplexity the exponential of the mean over tokens", async () => {
    const { losses, tokenLosses, perplexity, tokens, matches } = await json("--data", at("held-out.jsonl"));
    const total = tokens.reduce((sum: number, count: number) => sum + count, 0);
    const nats = tokens.map((count: number, s: number) => count * tokenLosses.sources[s].mean);
    const mean = nats.reduce((sum: number, part: number) => sum + part, 0) / total;
    expect(perplexity.micro).toBeCloseTo(Math.exp(mean), 6);
    expect(losses.sources.map(({ name }: { name: string }) => name)).toEqual(["even", "odd", "rare"]);
    expect(losses.small).toBeNull();
    expect(matches.micro).toBeGreaterThanOrEqual(0);
  });

  it("writes answers and compares them: whole, by number, by phrase, by box, by whichever there is", async () => {
    const text = await written("Q: 1+1\nA:", 6);
    const other = await written("Q: 9+9\nA:", 6);
    writeFileSync(
      at("answers.jsonl"),
      lines([
        { instruction: "1+1", output: text.trim() || ".", source: "a" },
        { instruction: "9+9", output: `${other}!`, source: "b" },
      ]),
    );
    const argv = ["--data", at("answers.jsonl"), "--max-new-tokens", "6"];
    const whole = await json(...argv, "--answers", "text");
    expect(whole.generated).toMatchObject({
      micro: 0.5,
      macro: 0.5,
      small: null,
      answers: [
        { text, right: true },
        { text: other, right: false },
      ],
      sources: [
        { name: "a", examples: 1, mean: 1 },
        { name: "b", examples: 1, mean: 0 },
      ],
    });
    expect(whole.matches.micro).toBeGreaterThanOrEqual(0);
    for (const kind of ["answer", "number", "phrase", "boxed"]) {
      const { generated } = await json(...argv, "--answers", kind);
      expect(generated.sources.map(({ name }: { name: string }) => name)).toEqual(["a", "b"]);
    }
    const { stdout } = await run(...argv, "--answers", "text");
    const [title] = stdout.split("\n");
    expect(cells(title).at(-1)).toBe("generated");
  });

  it("ends a written answer before a stop text", async () => {
    const text = await written("The answer is", 20);
    const end = [...text].findIndex((letter) => letter !== text[0]);
    expect(end).toBeGreaterThan(0);
    const row = { prompt: "The answer is", completion: text.slice(0, end), source: "a" };
    writeFileSync(at("stop.jsonl"), lines([row]));
    const argv = ["--data", at("stop.jsonl"), "--answers", "text", "--max-new-tokens", "20"];
    const right = async (...more: string[]): Promise<number> =>
      (await json(...argv, ...more)).generated.micro;
    expect(await right()).toBe(0);
    expect(await right("--stop", text.slice(end, end + 2))).toBe(1);
  });

  it("chooses among choices by their log-likelihood", async () => {
    const question = { instruction: "1+1", choices: ["2", "22222222222", "x"] };
    const rows = question.choices.map((_, answer) => ({
      ...question,
      answer,
      source: answer === 0 ? "a" : "b",
    }));
    writeFileSync(at("quiz.jsonl"), `${lines(rows)}{}\n`);
    const argv = ["--choices", "--data", at("quiz.jsonl"), "--skip-bad-rows"];
    const { code, stdout, stderr } = await run(...argv, "--small-sources", "b", "--json");
    expect(stderr).toMatch(
      /quiz\.jsonl: 3 questions, 1 bad ones passed over \(the first: .*quiz\.jsonl:4\)$/m,
    );
    expect(code).toBe(0);
    const { bySum, byLength } = JSON.parse(stdout);
    // exactly one of the three copies asks for what the model chooses
    expect(bySum.micro).toBeCloseTo(1 / 3, 10);
    expect(byLength.micro).toBeCloseTo(1 / 3, 10);
    expect(bySum.small).toBe(bySum.sources[1].mean);
  });

  it("refuses what cannot be, in one line", async () => {
    const refused = async (argv: string[], message: RegExp): Promise<void> => {
      const { code, stderr, stdout } = await run(...argv);
      expect(stderr).toMatch(message);
      expect(stderr.trimEnd().split("\n")).toHaveLength(1);
      expect([code, stdout]).toEqual([2, ""]);
    };
    const data = ["--data", at("held-out.jsonl")];
    await refused([...data, "--answers", "x"], /--answers must be one of answer, .*, text, got "x"/);
    await refused(
      [...data, "--answers", "text", "--stop", ""],
      /"stop" must hold strings of at least 1 character/,
    );
    await refused([...data, "--choices"], /"source" must hold rows .* at .*held-out\.jsonl:1$/m);
    writeFileSync(
      at("bad.jsonl"),
      lines([{ instruction: "1", choices: ["1", "2"], answer: 2, source: "a" }]),
    );
    await refused(["--choices", "--data", at("bad.jsonl")], /"answer" must be a place in \[0, 1\].*:1$/m);
  });
});

const stories = fileURLToPath(new URL("../../../../shared/models/stories260K-hf", import.meta.url));

describe("a real model", () => {
  it.skipIf(!existsSync(stories))("knows how stories go on (needs ../shared/models)", async () => {
    const quiz = [
      { prompt: "Once upon a", choices: [" time", " table"], answer: " time", source: "words" },
      {
        prompt: "Once upon a time, there was a little girl named",
        choices: [" the", " Lily"],
        answer: "B",
        source: "names",
      },
      { prompt: "The sun was", choices: [" shining", " the"], answer: 0, source: "words" },
    ];
    writeFileSync(at("stories.jsonl"), lines(quiz));
    const argv = ["evaluate", "--model", stories, "--data", at("stories.jsonl"), "--choices", "--json"];
    const { stdout } = await runMain(argv);
    expect(JSON.parse(stdout).bySum.micro).toBe(1);
  });
});
