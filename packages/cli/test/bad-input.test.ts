import { execFileSync } from "node:child_process";
import { cpSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { beforeAll, describe, expect, it } from "vitest";
import { runColm } from "./run-colm.ts";
import { rows, type TinyJob, tinyJob, tokenizerJson } from "./tiny-job.ts";

let job: TinyJob;

beforeAll(async () => {
  job = await tinyJob();
  const write = (name: string, text: string): void => writeFileSync(join(job.cwd, name), text);
  write("empty.jsonl", "");
  write("broken.jsonl", `${rows(2)}{"instruction": \n${rows(1)}`);
  write("fields.jsonl", `${rows(1)}${JSON.stringify({ question: "1+1", source: "odd" })}\n`);
  write("sourceless.jsonl", `${JSON.stringify({ instruction: "1+1", output: "2" })}\n`);
  const tokens = (...ids: number[]): string => JSON.stringify({ input_ids: ids, labels: ids, source: "odd" });
  write("tokens.jsonl", `${tokens(1, 2)}\n\n${tokens(1, 9999)}\n`);
  write("long.jsonl", `${JSON.stringify({ instruction: "1".repeat(100), output: "2", source: "odd" })}\n`);
});

/** A copy of the model with one file changed. */
function spoiled(name: string, file: string, change: (bytes: Buffer) => Buffer | string): string {
  const folder = join(job.cwd, name);
  cpSync(join(job.cwd, "model"), folder, { recursive: true });
  writeFileSync(join(folder, file), change(readFileSync(join(folder, file))));
  return name;
}

function withHeader(
  bytes: Buffer,
  change: (header: Record<string, { data_offsets: number[]; dtype: string }>) => void,
): Buffer {
  const length = Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.subarray(8, 8 + length).toString());
  change(header);
  const text = Buffer.from(JSON.stringify(header));
  const size = Buffer.alloc(8);
  size.writeBigUInt64LE(BigInt(text.length));
  return Buffer.concat([size, text, bytes.subarray(8 + length)]);
}

async function refused(argv: string[], message: RegExp): Promise<void> {
  const output = "runs/refused";
  const { code, stdout, stderr } = await runColm(
    [...argv, ...(argv[0] === "train" ? ["--output", output] : [])],
    {
      cwd: job.cwd,
    },
  );
  expect(stderr).toMatch(message);
  expect(stderr.trimEnd().split("\n")).toHaveLength(1);
  expect(stderr.startsWith(`colm ${argv[0]}: `)).toBe(true);
  expect(code).toBe(2);
  expect(stdout).not.toContain("step 1/");
  expect(existsSync(join(job.cwd, output))).toBe(false);
}

const small = ["--pool", "16", "--budget", "8", "--lora-rank", "2", "--max-steps", "2"];
const train = (model: string, data: string, ...more: string[]): string[] => [
  "train",
  "--model",
  model,
  "--data",
  data,
  ...small,
  ...more,
];

describe("bad data", () => {
  it("a missing file", () =>
    refused(train("model", "nowhere.jsonl"), /must be a readable file, got ENOENT at nowhere\.jsonl/));
  it("an empty file", () =>
    refused(train("model", "empty.jsonl"), /must hold at least one row, got none in empty\.jsonl/));
  it("a line that is not JSON, with its number", () =>
    refused(train("model", "broken.jsonl"), /must hold one JSON object per line.* at broken\.jsonl:3/));
  it("a row without the needed fields", () =>
    refused(train("model", "fields.jsonl"), /fields \{ question, source \} at fields\.jsonl:2/));
  it("a row without a source", () =>
    refused(train("model", "sourceless.jsonl"), /"source" must name the row's source/));
  it("a token that the model does not have, with its line", () =>
    refused(
      train("model", "tokens.jsonl"),
      /a row must hold tokens of the model, in \[0, 97\), got 9999 at tokens\.jsonl:3\n$/,
    ));
  it("rows that are all prompt", () =>
    refused(train("model", "long.jsonl"), /nothing is left to learn: raise --max-length/));
  it("a missing validation file", () =>
    refused(train("model", "train.jsonl", "--validation", "nowhere.jsonl"), /ENOENT at nowhere\.jsonl/));
});

describe("bad settings", () => {
  const good = (...more: string[]): string[] => train("model", "train.jsonl", ...more);
  it("an unknown source", () =>
    refused(good("--small-sources", "rare,nowhere"), /must name sources of the data \(.*\), got "nowhere"/));
  it("a budget above the pool", () =>
    refused(good("--budget", "17"), /"budget" must be at most the pool of 16, got 17/));
  it("a rank of 0", () =>
    refused(good("--lora-rank", "0"), /--lora-rank must be an integer of at least 1, got 0/));
  it("a list of files that names none", () =>
    refused(good("--data", ","), /--data must name at least one file, got ","/));
  it("a negative budget", () =>
    refused(good("--budget", "-1"), /"budget" must be an integer of at least 1, got -1/));
  it("a budget of 0", () =>
    refused(good("--budget", "0"), /"budget" must be an integer of at least 1, got 0/));
  it("a pool above the data", () =>
    refused(good("--pool", "61"), /"pool" must be at most the 60 training examples, got 61/));
  it("a number that is none", () =>
    refused(good("--max-steps", "ten"), /--max-steps must be a number, got "ten"/));
  it("an unknown method", () =>
    refused(good("--method", "best"), /--method must be one of colm, random, keep-random, .*, got "best"/));
  it("an unknown option", () =>
    refused(good("--max-stepz", "1"), /Unknown option '--max-stepz', did you mean --max-steps\?/));
  it("an adapter where every weight is to be trained", () =>
    refused(good("--full"), /--full trains every weight: leave out --lora-rank/));
  it("no data at all", () => refused(["train", "--model", "model"], /--data FILES must be given/));
  it("a run to resume that is none", () =>
    refused(["train", "--resume", "model"], /must be the folder of a run/));
});

describe("a bad model folder", () => {
  const start = (model: string): string[] => train(model, "train.jsonl");
  it("that is not there", () =>
    refused(start("nowhere"), /--model must be a folder, got no folder at nowhere/));
  it("of an unknown architecture", () =>
    refused(
      start(spoiled("m1", "config.json", (bytes) => bytes.toString().replaceAll(/llama/gi, "mamba"))),
      /mamba/,
    ));
  it("whose configuration lacks a size, with its path", () =>
    refused(
      start(spoiled("m0", "config.json", (bytes) => bytes.toString().replace("vocab_size", "x"))),
      /^colm train: "vocab_size" must .* in m0\/config\.json\n$/,
    ));
  it("with truncated weights", () =>
    refused(
      start(spoiled("m2", "model.safetensors", (bytes) => bytes.subarray(0, bytes.length - 40))),
      /model\.safetensors/,
    ));
  it("with a header larger than the file", () =>
    refused(
      start(
        spoiled("m3", "model.safetensors", (bytes) => {
          bytes.writeBigUInt64LE(10n ** 9n, 0);
          return bytes;
        }),
      ),
      /model\.safetensors/,
    ));
  it("with overlapping tensors", () =>
    refused(
      start(
        spoiled("m4", "model.safetensors", (bytes) =>
          withHeader(bytes, (header) => {
            header["model.norm.weight"].data_offsets = [0, 64];
          }),
        ),
      ),
      /model\.safetensors/,
    ));
  it("with a wrong type of weights", () =>
    refused(
      start(
        spoiled("m5", "model.safetensors", (bytes) =>
          withHeader(bytes, (header) => {
            header["model.norm.weight"].dtype = "F16";
          }),
        ),
      ),
      /model\.safetensors/,
    ));
  it("with weights that are not numbers", () =>
    refused(
      start(
        spoiled("m6", "model.safetensors", (bytes) => {
          bytes.writeFloatLE(Number.NaN, bytes.length - 4);
          return bytes;
        }),
      ),
      /finite/,
    ));
  it("whose tokenizer does not fit", () =>
    refused(
      start(spoiled("m7", "tokenizer.json", () => tokenizerJson(9))),
      /tokenizer\.json" must fit the model's vocabulary/,
    ));
  it("without a tokenizer", async () => {
    cpSync(join(job.cwd, "model"), join(job.cwd, "m8"), { recursive: true });
    execFileSync("rm", [join(job.cwd, "m8", "tokenizer.json")]);
    await refused(start("m8"), /must be a folder with a tokenizer\.json/);
  });
});

describe("evaluate and generate", () => {
  it("refuse in the same way", async () => {
    await refused(["evaluate", "--model", "model", "--data", "empty.jsonl"], /at least one row/);
    await refused(
      ["evaluate", "--model", "model", "--data", "train.jsonl", "--small-sources", "x"],
      /got "x"/,
    );
    await refused(
      ["generate", "--model", "model"],
      /either --prompt TEXT or --instruction TEXT must be given/,
    );
    await refused(["generate", "--model", "nowhere", "--prompt", "1"], /--model must be a folder/);
  });
});

describe("losses that are not finite", () => {
  it("end the run with one line that names the step", async () => {
    const { code, stderr } = await runColm(
      train(
        "model",
        "train.jsonl",
        "--learning-rate",
        "1e30",
        "--warmup-ratio",
        "0",
        "--max-steps",
        "9",
        "--max-grad-norm",
        "1e30",
        "--method",
        "random",
        "--output",
        "runs/nan",
      ),
      { cwd: job.cwd },
    );
    expect(stderr).toMatch(
      /^colm train: "(loss|gradient norm)" must be finite, got (NaN|Infinity) at step \d: .*\n$/,
    );
    expect(code).toBe(2);
  });
});

describe("a full disk", () => {
  const mountable = canMount();
  const name = "ends with one line and leaves nothing half-written";

  it.skipIf(!mountable)(mountable ? name : `${name} (no right to mount: skipped)`, async () => {
    mkdirSync(join(job.cwd, "disk"));
    const argv = train("model", "train.jsonl", "--output", "disk/run");
    // a mount name space of its own: the disk goes when the process does
    const inside = (command: string): string =>
      `mount -t tmpfs -o size=16k tmpfs disk && ${command}; code=\\$?; ls -A disk; exit \\$code`;
    const { stdout, stderr, code } = await runColm(argv, {
      cwd: job.cwd,
      script: (command) => `exec unshare -m bash -c "${inside(command)}"`,
    });
    expect(stderr).toMatch(/^colm train: .*ENOSPC.*\n$/);
    expect(code).toBe(2);
    expect(stdout.trimEnd().split("\n").at(-1)).not.toBe("run");
  });

  it("or a file as large as files may be does the same", async () => {
    const argv = train("model", "train.jsonl", "--output", "runs/large");
    // 4 blocks of 1024 bytes: less than an adapter and its moments
    const script = (command: string): string => `ulimit -f 4; trap '' XFSZ; exec ${command}`;
    const { stderr, code } = await runColm(argv, { cwd: job.cwd, script });
    expect(stderr).toMatch(/^colm train: .*EFBIG.*\n$/);
    expect(code).toBe(2);
    expect(existsSync(join(job.cwd, "runs", "large"))).toBe(false);
  });
});

function canMount(): boolean {
  try {
    execFileSync("unshare", ["-m", "mount", "-t", "tmpfs", "-o", "size=16k", "tmpfs", "/mnt"], {
      stdio: "ignore",
    });
    return true;
  } catch {
    return false;
  }
}
