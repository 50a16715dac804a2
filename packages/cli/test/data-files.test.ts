import { cpSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { parquetBytes } from "../../data/test/write-parquet.ts";
import { type MainOutcome, runMain } from "./run-main.ts";
import { rows, type TinyJob, tinyJob } from "./tiny-job.ts";

let job: TinyJob;
const at = (name: string): string => join(job.cwd, name);

beforeAll(async () => {
  job = await tinyJob();
  const parsed = rows(30)
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line));
  const column = (name: string): string[] => parsed.map((row) => row[name]);
  const columns = { instruction: column("instruction"), output: column("output"), source: column("source") };
  writeFileSync(at("rows.parquet"), parquetBytes({ columns, rowsPerGroup: 7 }));
  writeFileSync(at("rows.jsonl"), rows(30));
  writeFileSync(at("few.jsonl"), rows(10));
  writeFileSync(at("bad.jsonl"), `${rows(20)}{"instruction": 3}\nno json\n`);
  const chats = parsed.map(({ instruction, output, source }) => ({
    messages: [
      { role: "user", content: instruction },
      { role: "assistant", content: output },
    ],
    source,
  }));
  writeFileSync(at("chats.jsonl"), chats.map((chat) => JSON.stringify(chat)).join("\n"));
  cpSync(at("model"), at("chat-model"), { recursive: true });
  const template =
    "{% for m in messages %}<{{ m.role[0] }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<a>{% endif %}";
  writeFileSync(at("chat-model/chat_template.jinja"), template);
});

let runs = 0;
/** Trains one step with no selection, and returns the outcome with the run's record where there is one. */
async function train(
  ...argv: string[]
): Promise<MainOutcome & { readonly record: () => Record<string, never> }> {
  const output = at(`run-${runs++}`);
  const fixed = [
    "--method",
    "random",
    "--pool",
    "8",
    "--budget",
    "8",
    "--max-steps",
    "1",
    "--lora-rank",
    "2",
  ];
  const outcome = await runMain(["train", "--model", at("model"), ...fixed, "--output", output, ...argv]);
  return { ...outcome, record: () => JSON.parse(readFileSync(join(output, "run.json"), "utf8")) };
}

const evaluate = async (data: string, ...argv: string[]): Promise<unknown> => {
  const { stdout, stderr } = await runMain([
    "evaluate",
    "--model",
    at("model"),
    "--data",
    data,
    "--json",
    ...argv,
  ]);
  return stderr === "" ? JSON.parse(stdout).losses : stderr;
};

describe("files of rows", () => {
  it("may be Parquet: the same rows have the same losses", async () => {
    expect(await evaluate(at("rows.parquet"))).toEqual(await evaluate(at("rows.jsonl")));
    const { code, record } = await train("--data", at("rows.parquet"));
    expect(code).toBe(0);
    expect(record()).toMatchObject({ settings: { data: "rows.parquet", examples: 30 } });
  });

  it("may be several, each a source of its own", async () => {
    const both = `${at("rows.jsonl")},${at("few.jsonl")}`;
    const { record } = await train("--data", both, "--source-from", "file");
    expect(record()).toMatchObject({
      sources: [
        { name: "rows", examples: 30, small: false },
        { name: "few", examples: 10, small: true },
      ],
      settings: { data: "rows.jsonl,few.jsonl" },
    });
  });

  it("have the shares that weights give them, in as many examples as all files hold", async () => {
    const both = `${at("rows.jsonl")},${at("few.jsonl")}`;
    const { record } = await train("--data", both, "--source-from", "file", "--data-weights", "1,3");
    expect(record()).toMatchObject({
      sources: [
        { name: "few", examples: 30 },
        { name: "rows", examples: 10 },
      ],
    });
    const wrong = await train("--data", both, "--data-weights", "1");
    expect(wrong.stderr).toBe(
      "colm train: --data-weights must be 2 numbers above 0, one for each file of --data, got 1\n",
    );
    expect(wrong.code).toBe(2);
  });

  it("may have bad rows, where they are to be passed over", async () => {
    const refused = await train("--data", at("bad.jsonl"));
    expect(refused.stderr).toMatch(/at .*bad\.jsonl:21\n$/);
    expect(refused.code).toBe(2);
    const passed = await train("--data", at("bad.jsonl"), "--skip-bad-rows");
    expect(passed.code).toBe(0);
    expect(passed.stdout).toMatch(
      /bad\.jsonl: 20 rows, 2 bad ones passed over \(the first: .*bad\.jsonl:21\)/,
    );
  });

  it("passes over rows with tokens that the model does not have in the same way", async () => {
    const strange = { input_ids: [1, 9999], labels: [1, 9999], source: "odd" };
    writeFileSync(at("strange.jsonl"), `${rows(20)}${JSON.stringify(strange)}\n`);
    const passed = await train("--data", at("strange.jsonl"), "--skip-bad-rows");
    expect(passed.stdout).toMatch(/strange\.jsonl: 20 rows, 1 bad ones passed over \(.*strange\.jsonl:21\)/);
    expect(passed.code).toBe(0);
  });

  it("refuses two rules for sources, and data sets nobody can find", async () => {
    const twice = await train("--data", at("rows.jsonl"), "--source", "x", "--source-from", "none");
    expect(twice.stderr).toBe("colm train: --source and --source-from must not both be given\n");
    const address = await train("--data", "hf://datasets/one-part");
    expect(address.stderr).toMatch(/must be hf:\/\/datasets\/owner\/name/);
    expect(address.code).toBe(2);
  });
});

describe("conversations", () => {
  it("go through the tokenizer's own template, which rows of messages ask for", async () => {
    const chatModel = ["--model", at("chat-model")];
    const chats = await evaluate(at("chats.jsonl"), ...chatModel);
    // an instruction and its output are the same two turns
    expect(await evaluate(at("rows.jsonl"), ...chatModel, "--template", "chat")).toEqual(chats);
    expect(await evaluate(at("rows.jsonl"), ...chatModel)).not.toEqual(chats);
  });

  it("need one", async () => {
    expect(await evaluate(at("chats.jsonl"))).toMatch(
      /^colm evaluate: conversations must have the chat template of the model's tokenizer: /,
    );
  });

  it("have their last turn asked for, where answers are written", async () => {
    const model = ["--model", at("chat-model"), "--answers", "text", "--max-new-tokens", "3", "--json"];
    const { stdout } = await runMain(["evaluate", "--data", at("chats.jsonl"), ...model]);
    const { answers } = JSON.parse(stdout).generated;
    expect(answers).toHaveLength(30);
    // the first row is 0+0
    expect(answers[0]).toMatchObject({ expected: "0" });
  });

  it("are what an instruction becomes for generate, too", async () => {
    const model = ["--model", at("chat-model"), "--max-new-tokens", "3", "--json"];
    const asked = await runMain(["generate", ...model, "--template", "chat", "--instruction", "1+1"]);
    const written = await runMain(["generate", ...model, "--prompt", "<u>1+1<a>"]);
    expect(JSON.parse(asked.stdout)).toEqual(JSON.parse(written.stdout));
    expect(JSON.parse(asked.stdout).prompt).toBe("<u>1+1<a>");
  });
});

describe("questions of multiple choice", () => {
  const questions = [
    { prompt: "1+1=", choices: ["2", "3", "22"], answer: 0, source: "sums" },
    { prompt: "2+1=", choices: ["2", "3"], answer: 1, source: "sums" },
    { prompt: "a", choices: ["b", "c"], answer: 1, source: "letters" },
  ];

  it("are answered by the likeliest choice, whole and per character", async () => {
    writeFileSync(at("choices.jsonl"), questions.map((row) => JSON.stringify(row)).join("\n"));
    const argv = ["evaluate", "--model", at("model"), "--data", at("choices.jsonl"), "--choices"];
    const { answers, bySum } = JSON.parse((await runMain([...argv, "--json"])).stdout);
    const right = answers.filter(
      ({ bySum: chosen }: { bySum: number }, i: number) => chosen === questions[i].answer,
    );
    expect(bySum.micro).toBeCloseTo(right.length / 3, 12);
    const { stdout } = await runMain([...argv, "--small-sources", "letters"]);
    const lines = stdout.split("\n").map((line) => line.split(/ {2,}/));
    expect(lines[0]).toEqual(["source", "questions", "likeliest", "per character"]);
    expect(lines.slice(2, 4).map(([name, count]) => [name, count])).toEqual([
      ["letters", "1"],
      ["sums", "2"],
    ]);
  });

  it("are refused where rows are none, and beside --answers", async () => {
    const argv = ["evaluate", "--model", at("model"), "--choices"];
    const rowsOnly = await runMain([...argv, "--data", at("rows.jsonl")]);
    expect(rowsOnly.stderr).toMatch(/^colm evaluate: .*rows\.jsonl:1\n$/);
    const both = await runMain([...argv, "--data", "x", "--answers", "text"]);
    expect(both.stderr).toBe("colm evaluate: --answers must not be given with --choices\n");
    const stop = await runMain(["evaluate", "--data", "x", "--stop", "x"]);
    expect(stop.stderr).toBe("colm evaluate: --stop must go with --answers\n");
  });
});

describe("colm generate", () => {
  it("ends before a stop text", async () => {
    const write = async (...argv: string[]): Promise<string> =>
      JSON.parse(
        (await runMain(["generate", "--model", at("model"), "--prompt", "1", "--json", ...argv])).stdout,
      ).text;
    const whole = await write("--max-new-tokens", "12");
    const stop = whole.slice(4, 6);
    expect(await write("--max-new-tokens", "12", "--stop", stop)).toBe(whole.slice(0, whole.indexOf(stop)));
    expect(await write("--max-new-tokens", "12", "--temperature", "1", "--top-k", "1")).toBe(whole);
  });

  it("draws by temperature and seed", async () => {
    const text = async (...argv: string[]): Promise<string> =>
      (
        await runMain([
          "generate",
          "--model",
          at("model"),
          "--prompt",
          "1",
          "--max-new-tokens",
          "12",
          ...argv,
        ])
      ).stdout;
    const drawn = await text("--temperature", "2", "--seed", "1");
    expect(await text("--temperature", "2", "--seed", "1")).toBe(drawn);
    expect(await text("--temperature", "2", "--seed", "2")).not.toBe(drawn);
  });
});
