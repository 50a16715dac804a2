import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type MainOutcome, runMain } from "./run-main.ts";
import { d, n, numbers, selectFiles, values } from "./select-files.ts";

const folder = selectFiles();
const at = (name: string): string => join(folder, name);
/** The same features and sources as the other files, in three row groups of lists of float32; made by hyparquet-writer. */
const parquet = fileURLToPath(new URL("files/pool.parquet", import.meta.url));
const names = ["common", "other", "rare"];
const rows = Array.from({ length: n }, (_, i) => ({
  features: Array.from(values.subarray(i * d, (i + 1) * d)),
  source: names[numbers[i]],
}));
const lines = rows.map((row) => JSON.stringify(row)).join("\n");
const small = ["--small-sources", "rare", "--budget", "6"];

let expected: unknown;
beforeAll(async () => {
  writeFileSync(at("rows.jsonl"), `${lines}\n\n`);
  const { stdout } = await runMain([
    "select",
    "--features",
    at("c.npy"),
    "--sources",
    at("sources.json"),
    ...small,
  ]);
  expected = JSON.parse(stdout);
});

afterAll(() => rmSync(folder, { recursive: true }));

const select = (argv: string[], input?: Uint8Array[]): Promise<MainOutcome> =>
  runMain(["select", ...argv], input);

describe("colm select from tables and lines", () => {
  it.each([
    ["Parquet", parquet],
    ["JSON Lines", at("rows.jsonl")],
  ])("reads features and sources from %s", async (_, path) => {
    const { stdout, stderr } = await select(["--features", path, "--sources-tensor", "source", ...small]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  it("takes the sources from another file too", async () => {
    const { stdout } = await select(["--features", parquet, "--sources", at("sources.json"), ...small]);
    expect(JSON.parse(stdout)).toEqual(expected);
  });

  it("says in JSON where it wrote", async () => {
    const output = at("chosen.json");
    const { stdout } = await select([
      "--features",
      parquet,
      "--sources-tensor",
      "source",
      ...small,
      "--output",
      output,
      "--json",
    ]);
    expect(JSON.parse(stdout)).toMatchObject({ output, count: 6, kept: 2, selected: { rare: 2 } });
    expect(JSON.parse(readFileSync(output, "utf8"))).toEqual(expected);
  });
});

describe("colm select from standard input", () => {
  it.each([
    ["a Parquet file", () => readFileSync(parquet), "source"],
    ["a .safetensors file", () => readFileSync(at("pool.safetensors")), "sources"],
    ["JSON Lines", () => Buffer.from(lines), "source"],
  ])("knows %s by its first bytes", async (_, bytes, sources) => {
    const whole = new Uint8Array(bytes());
    // in two pieces, as a pipe gives them
    const { stdout, stderr } = await select(
      [
        "--features",
        "-",
        "--sources-tensor",
        sources,
        "--small-sources",
        sources === "source" ? "rare" : "2",
        "--budget",
        "6",
      ],
      [whole.subarray(0, 100), whole.subarray(100)],
    );
    expect(stderr).toBe("");
    expect(JSON.parse(stdout)).toMatchObject({ kept: 2 });
    expect(JSON.parse(stdout).indices).toEqual(Object(expected).indices);
  });

  it("knows JSON Lines behind a byte order mark and blank lines", async () => {
    const bytes = Buffer.from(`\uFEFF\n \r\n${lines}`);
    const argv = ["--features", "-", "--sources-tensor", "source", ...small];
    const { stdout, stderr } = await select(argv, [new Uint8Array(bytes)]);
    expect(stderr).toBe("");
    expect(JSON.parse(stdout).indices).toEqual(Object(expected).indices);
  });

  it("knows a .safetensors file whose length of the header looks like JSON Lines", async () => {
    const features = { dtype: "F32", shape: [12, 5], data_offsets: [0, 240] };
    // 123 letters: the first byte is that of {
    const header = JSON.stringify({ features }).padEnd(0x7b);
    const length = Buffer.alloc(8);
    length.writeUInt32LE(header.length);
    const bytes = Buffer.concat([length, Buffer.from(header), new Uint8Array(new Float32Array(60).buffer)]);
    expect(bytes[0]).toBe("{".charCodeAt(0));
    const { code, stderr } = await select(["--features", "-", "--budget", "6"], [new Uint8Array(bytes)]);
    expect([code, stderr]).toEqual([0, ""]);
  });

  it("knows a .npy file", async () => {
    const bytes = new Uint8Array(readFileSync(at("c.npy")));
    const { stdout } = await select(["--features", "-", "--sources", at("sources.json"), ...small], [bytes]);
    expect(JSON.parse(stdout)).toEqual(expected);
  });
});

describe("wrong tables, lines and pipes are one line and exit code 2", () => {
  const write = (name: string, text: string): string => {
    writeFileSync(at(name), text);
    return at(name);
  };
  const refused = (
    name: string,
    argv: () => string[],
    message: string | RegExp,
    input?: Uint8Array[],
  ): void => {
    it(name, async () => {
      const { code, stdout, stderr } = await select([...argv(), "--budget", "1"], input);
      const text = stderr.replaceAll(folder, "DIR").replaceAll(parquet, "POOL");
      if (typeof message === "string") expect(text).toBe(`colm select: ${message}\n`);
      else expect(text).toMatch(message);
      expect(text.trimEnd().split("\n")).toHaveLength(1);
      expect([code, stdout]).toEqual([2, ""]);
    });
  };
  refused(
    "a column that is not there",
    () => ["--features", parquet, "--tensor", "x"],
    '"POOL" must hold a column "x", got features, source',
  );
  refused(
    "a column that holds no lists",
    () => ["--features", parquet, "--tensor", "source"],
    '"POOL":1 must hold a list of numbers in "source", got "common"',
  );
  refused(
    "a table cut off",
    () => {
      writeFileSync(at("cut.parquet"), readFileSync(parquet).subarray(0, -10));
      return ["--features", at("cut.parquet")];
    },
    /^colm select: .*DIR\/cut\.parquet/,
  );
  refused(
    "rows of two lengths",
    () => ["--features", write("a.jsonl", '{"features": [1, 2]}\n{"features": [1]}')],
    '"DIR/a.jsonl":2 must hold a list of one length of at least 1 in "features", got 1 after 2',
  );
  refused(
    "a text among the numbers",
    () => ["--features", write("b.jsonl", '{"features": [1, "x"]}')],
    '"DIR/b.jsonl":1 must hold numbers in "features", got "x" at 1',
  );
  refused(
    "a number beyond all behind blank lines, by its line",
    () => ["--features", write("f.jsonl", '\n{"features": [1, 2]}\n\n{"features": [1, 1e999]}')],
    '"DIR/f.jsonl":4 must hold finite numbers in "features", got Infinity at 1',
  );
  refused(
    "a source that is none behind blank lines, by its line",
    () => [
      "--features",
      write("g.jsonl", '\n{"features": [1], "s": 0}\n\n{"features": [1], "s": 0.5}'),
      "--sources-tensor",
      "s",
    ],
    '"s" of "DIR/g.jsonl" must be an array of natural numbers or of texts, got 0.5 at line 4',
  );
  refused(
    "a line that is no object",
    () => ["--features", write("c.jsonl", '{"features": [1]}\n[2]')],
    '"DIR/c.jsonl":2 must be a JSON object, got "[2]"',
  );
  refused(
    "a line without the field",
    () => ["--features", write("d.jsonl", '{"feature": [1]}')],
    '"DIR/d.jsonl":1 must have "features", got feature',
  );
  refused("no lines", () => ["--features", write("e.jsonl", "\n")], /--features|features|rows|at least/);
  refused(
    "a pipe of something else",
    () => ["--features", "-"],
    "standard input must be .safetensors, .npy, .parquet or .jsonl, got 5 bytes that begin otherwise",
    [new TextEncoder().encode("hello")],
  );
  refused("no pipe", () => ["--features", "-"], "--features - must have a standard input, got none");
  refused(
    "JSON beside frames",
    () => ["--frames", "--json"],
    "--json must not be given with --frames, whose answers are bytes",
    [],
  );
});
