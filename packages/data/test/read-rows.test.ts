import { pathToFileURL } from "node:url";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { type ReadRowsOptions, type Row, readRows } from "../src/index.ts";
import { lines, temporaryFolder } from "./files.ts";

const { path: inFolder, write } = temporaryFolder();

async function all(source: string | URL | AsyncIterable<Row>, options?: ReadRowsOptions): Promise<Row[]> {
  const rows: Row[] = [];
  for await (const row of readRows(source, options)) rows.push(row);
  return rows;
}

async function refusal(content: string | Uint8Array): Promise<unknown> {
  const path = await write("bad.jsonl", content);
  const error: unknown = await all(path).catch((thrown: unknown) => thrown);
  if (!(error instanceof Error)) return "no error";
  return `${error.name}: ${error.message.replaceAll(path, "bad.jsonl")}`;
}

const SUM = { instruction: "What is 7 + 5?", output: "12", source: "sums" };

describe("readRows", () => {
  it("reads every shape of row and keeps nothing but its fields", async () => {
    const path = await write(
      "shapes.jsonl",
      lines(
        { id: 1, ...SUM },
        { prompt: "1+1=", completion: "2", source: "sums" },
        {
          id: 2,
          messages: [
            { role: "user", content: "1+1?" },
            { role: "assistant", content: "2", name: null },
          ],
          source: "talk",
        },
        { text: "One and one is two.", source: "facts" },
        { input_ids: [5, 6], labels: [-100, 6], source: "tokens" },
      ),
    );
    expect(await all(path)).toEqual([
      SUM,
      { prompt: "1+1=", completion: "2", source: "sums" },
      {
        messages: [
          { role: "user", content: "1+1?" },
          { role: "assistant", content: "2" },
        ],
        source: "talk",
      },
      { text: "One and one is two.", source: "facts" },
      { input_ids: [5, 6], labels: [-100, 6], source: "tokens" },
    ]);
  });

  it("reads a path, a file: address as text or URL, and a packed file alike", async () => {
    const path = await write("rows.jsonl", lines(SUM, SUM));
    const packed = await write("rows.jsonl.gz", gzipSync(lines(SUM, SUM)));
    const url = pathToFileURL(path);
    for (const source of [path, url, url.href, packed]) expect(await all(source)).toEqual([SUM, SUM]);
  });

  it("passes over lines of white space, and needs no line end at the end of the file", async () => {
    const path = await write("loose.jsonl", `\n${JSON.stringify(SUM)}\r\n  \n${JSON.stringify(SUM)}`);
    expect(await all(path)).toEqual([SUM, SUM]);
  });

  it("keeps letters together whose bytes come in different pieces of the file", async () => {
    const row = { ...SUM, output: "ü€😀".repeat(30_000) };
    expect(await all(await write("wide.jsonl", lines(row)))).toEqual([row]);
  });

  it("reads again each time it is iterated", async () => {
    const rows = readRows(await write("again.jsonl", lines(SUM)));
    for (let time = 0; time < 2; time++) {
      for await (const row of rows) expect(row).toEqual(SUM);
    }
  });

  it("takes the source from another field, or one name for all", async () => {
    const path = await write("tasks.jsonl", lines({ instruction: "a", output: "b", task: "t" }));
    expect(await all(path, { source: { field: "task" } })).toEqual([
      { instruction: "a", output: "b", source: "t" },
    ]);
    expect(await all(path, { source: { name: "mine" } })).toEqual([
      { instruction: "a", output: "b", source: "mine" },
    ]);
  });

  it.each([
    ["sums-00001-of-00004.jsonl", "sums"],
    ["my.rows.jsonl", "my.rows"],
    ["rows", "rows"],
  ])("takes the source from the file name %s", async (name, source) => {
    const path = await write(name, lines({ text: "a" }));
    expect(await all(path, { source: "file" })).toEqual([{ text: "a", source }]);
    expect(await all(path, { source: "none" })).toEqual([{ text: "a", source: "all" }]);
  });

  it("reads a text file as one row, and takes a format against the name", async () => {
    const text = await write("book.txt", "One.\nTwo.\n");
    expect(await all(text, { source: "file" })).toEqual([{ text: "One.\nTwo.\n", source: "book" }]);
    const packed = await write("book.txt.gz", gzipSync("Löwe"));
    expect(await all(packed, { source: "file" })).toEqual([{ text: "Löwe", source: "book" }]);
    const named = await write("rows.txt", lines(SUM));
    expect(await all(named, { format: "jsonl" })).toEqual([SUM]);
    const latin = await write("latin.txt", Uint8Array.of(0x4c, 0xf6));
    await expect(all(latin, { source: "file" })).rejects.toThrow(
      new RangeError(`readRows: "source" must be UTF-8, got other bytes at ${latin}`),
    );
  });

  it("checks rows from anywhere", async () => {
    async function* made(): AsyncGenerator<Row> {
      yield SUM;
      yield { ...SUM, source: "" };
    }
    await expect(all(made())).rejects.toThrow(
      new RangeError(
        'readRows: "source" must name the row\'s source (or give { source: { name } } to name it for all rows), got "" at 1',
      ),
    );
  });

  it("stops reading when the caller does", async () => {
    const path = await write("long.jsonl", lines(SUM) + "not JSON\n".repeat(100_000));
    for await (const row of readRows(path)) {
      expect(row).toEqual(SUM);
      break;
    }
  });
});

describe("readRows says what is wrong and where", () => {
  it.each([
    [
      "a line that is not JSON",
      `${lines(SUM)}\n{"instruction": "Which of these is the larger one, 3 or 4?"`,
      'RangeError: readRows: "source" must hold one JSON object per line, got "{\\"instruction\\": \\"Which of these is the l…" at bad.jsonl:3',
    ],
    [
      "a line that is no object",
      "[1]\n",
      'TypeError: readRows: "source" must hold one object per row, got an array of 1 at bad.jsonl:1',
    ],
    [
      "missing fields",
      lines(SUM, { instruction: "a", source: "s" }),
      'RangeError: readRows: "source" must hold rows { instruction, output }, { prompt, completion }, { messages }, { text } or { input_ids, labels }, got fields { instruction, source } at bad.jsonl:2',
    ],
    [
      "a field of another kind",
      lines({ instruction: "a", output: 12, source: "s" }),
      'TypeError: readRows: "output" must be a string, got 12 at bad.jsonl:1',
    ],
    [
      "no source",
      lines({ instruction: "a", output: "b" }),
      'RangeError: readRows: "source" must name the row\'s source (or give { source: { name } } to name it for all rows), got undefined at bad.jsonl:1',
    ],
    [
      "labels of another length",
      lines({ input_ids: [1, 2], labels: [1], source: "s" }),
      'RangeError: readRows: "labels" must have 2 entries as "input_ids" has, got 1 at bad.jsonl:1',
    ],
    [
      "a token that is none",
      lines({ input_ids: [1, -100], labels: [1, 2], source: "s" }),
      'RangeError: readRows: "input_ids" must hold integers of at least 0, got -100 at bad.jsonl:1',
    ],
    [
      "a label that is none",
      lines({ input_ids: [1], labels: [-1], source: "s" }),
      'RangeError: readRows: "labels" must hold integers of at least 0 or -100, got -1 at bad.jsonl:1',
    ],
    [
      "tokens that are no array",
      lines({ input_ids: "1", labels: [1], source: "s" }),
      'TypeError: readRows: "input_ids" must be an array of tokens, got "1" at bad.jsonl:1',
    ],
    [
      "tokens that no tokenizer has",
      lines({ input_ids: [2 ** 31], labels: [1], source: "s" }),
      'RangeError: readRows: "input_ids" must hold integers of at least 0, got 2147483648 at bad.jsonl:1',
    ],
    [
      "an input that no template has a place for",
      lines({ instruction: "Add", input: "1 and 2", output: "3", source: "s" }),
      'RangeError: readRows: "input" must be empty beside "instruction" (join the two first), got "1 and 2" at bad.jsonl:1',
    ],
    [
      "messages that are none",
      lines({ messages: [], source: "s" }),
      'TypeError: readRows: "messages" must be an array of { role, content }, got an array of 0 at bad.jsonl:1',
    ],
    [
      "a message that is a text",
      lines({ messages: ["Hi"], source: "s" }),
      'TypeError: readRows: "messages" must hold { role, content }, got "Hi" in message 1 at bad.jsonl:1',
    ],
    [
      "a message of nobody",
      lines({ messages: [{ content: "Hi" }], source: "s" }),
      'TypeError: readRows: "role" must be a name, got undefined in message 1 at bad.jsonl:1',
    ],
    [
      "a message of several parts",
      lines({
        messages: [
          { role: "user", content: "Hi" },
          { role: "user", content: [] },
        ],
        source: "s",
      }),
      'TypeError: readRows: "content" must be a string, got an array of 0 in message 2 at bad.jsonl:1',
    ],
    [
      "a conversation without a turn to learn",
      lines({
        messages: [
          { role: "system", content: "Hi" },
          { role: "user", content: "Hi" },
        ],
        source: "s",
      }),
      'RangeError: readRows: "messages" must have a turn of the assistant, got roles system, user at bad.jsonl:1',
    ],
    [
      "an empty file",
      "\n",
      'RangeError: readRows: "source" must hold at least one row, got none in bad.jsonl',
    ],
    [
      "bytes that are not UTF-8",
      Uint8Array.of(0x7b, 0xff, 0x7d),
      'RangeError: readRows: "source" must be UTF-8, got other bytes at bad.jsonl:1',
    ],
  ])("%s", async (_, content, message) => {
    expect(await refusal(content)).toBe(message);
  });

  it("a missing file, a folder, a packed file that is not packed", async () => {
    const missing = inFolder("missing.jsonl");
    await expect(all(missing)).rejects.toThrow(
      new RangeError(`readRows: "source" must be a readable file, got ENOENT at ${missing}`),
    );
    await expect(all(inFolder(""))).rejects.toThrow(
      new RangeError(`readRows: "source" must be a readable file, got EISDIR at ${inFolder("")}`),
    );
    const plain = await write("plain.jsonl.gz", lines(SUM));
    await expect(all(plain)).rejects.toThrow(
      new RangeError(`readRows: "source" must be a sound gzip file, got Z_DATA_ERROR at ${plain}:1`),
    );
    await expect(all(inFolder("missing.jsonl.gz"))).rejects.toThrow(RangeError);
  });

  it("an address that cannot be read here, before any reading", () => {
    expect(() => readRows("s3://bucket/rows.jsonl")).toThrow(
      new RangeError(
        'readRows: "source" must be a path, a file: URL or hf://datasets/owner/name, got "s3://bucket/rows.jsonl"',
      ),
    );
    expect(() => readRows(new URL("https://example.org/rows.jsonl"))).toThrow(RangeError);
  });

  it("arguments of another kind", () => {
    // @ts-expect-error a list is no stream
    expect(() => readRows([SUM])).toThrow(
      new TypeError(
        'readRows: "source" must be a path, a URL or an async iterable of rows, got an array of 1',
      ),
    );
    // @ts-expect-error no such rule
    expect(() => readRows("rows.jsonl", { source: "field" })).toThrow(
      new TypeError('readRows: "options.source" must be { field }, { name }, "file" or "none", got "field"'),
    );
    // @ts-expect-error no such format
    expect(() => readRows("rows.csv", { format: "csv" })).toThrow(
      new RangeError('readRows: "options.format" must be "jsonl", "parquet" or "text", got "csv"'),
    );
    async function* made(): AsyncGenerator<Row> {
      yield SUM;
    }
    expect(() => readRows(made(), { source: "file" })).toThrow(
      new RangeError(
        'readRows: "options.source" must be a field, a name or "none" for rows that stand in no file, got "file"',
      ),
    );
    expect(() => readRows("rows.jsonl", { source: { field: "" } })).toThrow(
      new TypeError('readRows: "options.source" must be { field } or { name } with a name, got ""'),
    );
  });
});
