import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ByteSource } from "../src/byte-source.ts";
import { type ReadRowsOptions, readRows } from "../src/index.ts";
import { openParquet } from "../src/open-parquet.ts";
import { all, refusalOf, rowsAndBad, temporaryFolder } from "./files.ts";
import { parquetBytes } from "./write-parquet.ts";

// written by pyarrow 25.0.1: two rows per row group, the compression in the name, no Arrow schema
const fixture = (name: string): string => new URL(`parquet/${name}.parquet`, import.meta.url).pathname;
const { path, write } = temporaryFolder();

/** Bytes as a source that remembers which parts of it were read. */
function watched(bytes: Uint8Array): ByteSource & { readonly reads: [number, number][] } {
  const reads: [number, number][] = [];
  return {
    name: "watched.parquet",
    size: bytes.length,
    reads,
    async read(start, end) {
      reads.push([start, end]);
      return bytes.slice(start, end).buffer;
    },
    stream: () => {
      throw new Error("a table is not streamed");
    },
    async close() {},
  };
}

describe("readRows of Parquet", () => {
  it("reads dictionaries, several row groups and snappy, and passes over other columns", async () => {
    const sources = ["sums", "sums", "roman", "sums", "roman"];
    expect(await all(readRows(fixture("instructions-snappy")))).toEqual(
      sources.map((source, i) => ({ instruction: `What is ${i} + 1?`, output: `${i + 1}`, source })),
    );
  });

  it("reads conversations packed with zstd, and leaves out what a message lacks", async () => {
    const rows = await all(readRows(fixture("messages-zstd"), { source: "file" }));
    expect(rows).toHaveLength(3);
    expect(rows[0]).toEqual({
      messages: [
        { role: "user", content: "Hi ü€😀" },
        { role: "assistant", content: "Hello." },
      ],
      source: "messages-zstd",
    });
    expect(rows[1]).toMatchObject({
      messages: [{}, { role: "user", content: "1+1?", name: "Ann" }, {}, {}, {}],
    });
  });

  it("reads lists of 64-bit and 32-bit tokens in pages of the second version, packed with gzip", async () => {
    expect(await all(readRows(fixture("tokens-gzip-v2"), { source: "none" }))).toEqual([
      { input_ids: [1, 2, 3], labels: [-100, 2, 3], source: "all" },
      { input_ids: [4], labels: [4], source: "all" },
      { input_ids: [5, 6], labels: [-100, 6], source: "all" },
    ]);
  });

  it("reads lz4 and brotli; a missing value is a bad row with its number", async () => {
    expect(await all(readRows(fixture("text-lz4")))).toHaveLength(2);
    const file = fixture("null-brotli");
    const message = `readRows: "text" must be a string, got null at ${file}:2`;
    await expect(all(readRows(file))).rejects.toThrow(new TypeError(message));
    const { rows, bad } = await rowsAndBad(file);
    expect(rows.map((row) => "text" in row && row.text)).toEqual(["One.", "Three."]);
    expect(bad).toEqual([{ position: `${file}:2`, message }]);
  });

  it("gives back what was written, whatever the rows and groups", async () => {
    const text = fc.string({ unit: "binary", maxLength: 20 });
    const table = fc.record({
      rows: fc.array(fc.record({ prompt: text, completion: text }), { minLength: 1, maxLength: 12 }),
      rowsPerGroup: fc.integer({ min: 1, max: 5 }),
      gzip: fc.boolean(),
    });
    await fc.assert(
      fc.asyncProperty(table, async ({ rows, rowsPerGroup, gzip }) => {
        const columns = {
          id: rows.map(() => "unread"),
          prompt: rows.map(({ prompt }) => prompt),
          completion: rows.map(({ completion }) => completion),
        };
        const file = await write("any.parquet", parquetBytes({ columns, rowsPerGroup, gzip }));
        expect(await all(readRows(file, { source: "none" }))).toEqual(
          rows.map((row) => ({ ...row, source: "all" })),
        );
      }),
      { numRuns: 50 },
    );
  });

  it("reads one row group at a time, and of it the wanted columns alone", async () => {
    const column = (letter: string): string[] => Array.from({ length: 8 }, () => letter.repeat(100_000));
    const file = watched(
      parquetBytes({ columns: { text: column("t"), other: column("o") }, rowsPerGroup: 2 }),
    );
    const table = await openParquet(file);
    expect(table.groups).toEqual([2, 2, 2, 2]);
    file.reads.length = 0;
    const group = await table.readGroup(2, ["text"]);
    expect(group.get("text")).toEqual(column("t").slice(0, 2));
    const bytes = file.reads.reduce((sum, [start, end]) => sum + end - start, 0);
    expect(bytes).toBeGreaterThan(200_000);
    expect(bytes).toBeLessThan(201_000);
  });
});

describe("readRows of a Parquet file that is not sound", () => {
  const columns = { text: ["One.", "Two.", "Three."], source: ["a", "a", "b"] };
  const refusal = async (bytes: Uint8Array, options: ReadRowsOptions = {}): Promise<string> => {
    const file = await write("bad.parquet", bytes);
    return refusalOf(all(readRows(file, options)), file);
  };

  it.each<[string, Uint8Array, string]>([
    ["no Parquet", Buffer.from("text,source\nOne.,a\n"), "got no PAR1 at its beginning at bad.parquet"],
    ["an empty file", new Uint8Array(0), "got no PAR1 at its beginning at bad.parquet"],
    [
      "a footer that counts other rows than the groups",
      parquetBytes({ columns, extraRows: 1 }),
      "got row groups of 3 rows where its footer says 4 at bad.parquet",
    ],
    [
      "groups that promise more rows than they have",
      parquetBytes({ columns, extraGroupRows: 2 }),
      "in rows 1 to 5 at bad.parquet",
    ],
    [
      "a group of more rows than any memory has",
      parquetBytes({ columns, extraGroupRows: 2 ** 31 }),
      "got a row group of 2147483651 rows (at most 16777216) at bad.parquet",
    ],
    [
      "pages that promise more values than the column has",
      parquetBytes({ columns, extraPageValues: 2 ** 30 }),
      "got a page of 1073741827 values in 26 bytes at byte 0 of column text in rows 1 to 3 at bad.parquet",
    ],
    [
      "pages that are larger than their column",
      parquetBytes({ columns, extraPageBytes: 1000 }),
      "got a page of 3 values in 1026 bytes at byte 0 of column text in rows 1 to 3 at bad.parquet",
    ],
    [
      "pages of a lying unpacked size",
      parquetBytes({ columns, gzip: true, extraUnpackedBytes: 7 }),
      "got a packed page of another length in rows 1 to 3 at bad.parquet",
    ],
    [
      "a column outside of the file",
      parquetBytes({ columns, shift: 10_000 }),
      "got column text at bytes 10004 to 10047 of 79 at bad.parquet",
    ],
  ])("%s", async (_, bytes, message) => {
    const text = await refusal(bytes);
    expect(text).toMatch(
      /^RangeError: readRows: "source" must be a sound Parquet file, got .+ at bad\.parquet$/,
    );
    expect(text).toContain(message);
  });

  it("other columns than those of a row", async () => {
    expect(await refusal(parquetBytes({ columns: { title: ["One."] } }))).toBe(
      'RangeError: readRows: "source" must hold rows { instruction, output }, { prompt, completion }, { messages }, { text } or { input_ids, labels }, got fields { title } at bad.parquet',
    );
  });

  it("bytes that are not UTF-8, in the row that has them", async () => {
    const bytes = parquetBytes({ columns });
    const place = Buffer.from(bytes).indexOf("Two.");
    bytes[place] = 0xff;
    expect(await refusal(bytes)).toBe(
      'RangeError: readRows: "text" must be UTF-8 text, got other bytes at bad.parquet:2',
    );
    expect((await rowsAndBad(path("bad.parquet"))).rows).toHaveLength(2);
  });

  it("a wrong checksum of packed bytes", async () => {
    const bytes = parquetBytes({ columns, gzip: true });
    const packed = Buffer.from(bytes).indexOf(Buffer.from([0x1f, 0x8b]));
    const texts = columns.text.map((text) => [text.length, 0, 0, 0, ...Buffer.from(text)]);
    bytes[packed + gzipSync(Uint8Array.from(texts.flat())).length - 8] ^= 1;
    expect(await refusal(bytes)).toBe(
      'RangeError: readRows: "source" must be a sound Parquet file, got a packed page with a wrong checksum in rows 1 to 3 at bad.parquet',
    );
  });

  it("runs of more values than a page has", async () => {
    const bytes = Uint8Array.from(await readFile(fixture("tokens-gzip-v2")));
    // the levels of a page of the second version are not packed: here they begin
    bytes[192] = 37;
    expect(await refusal(bytes, { source: "none" })).toContain(
      "got a run of 12 among 4 values in rows 1 to 2",
    );
  });

  it("one that ends early, wherever", async () => {
    const whole = await readFile(fixture("null-brotli"));
    for (let length = 0; length < whole.length; length += 7) {
      expect(await refusal(whole.subarray(0, length))).toMatch(
        /^RangeError: readRows: "source" must be a sound Parquet file, got .+ at bad\.parquet$/,
      );
    }
  });

  it("never anything but rows or one clear line, whichever byte is wrong", async () => {
    for (const name of ["tokens-gzip-v2", "messages-zstd"]) {
      const whole = await readFile(fixture(name));
      for (let at = 0; at < whole.length; at += 5) {
        const bytes = Uint8Array.from(whole);
        bytes[at] ^= 1 << (at % 8);
        const file = await write("flipped.parquet", bytes);
        const outcome = await refusalOf(rowsAndBad(file, { source: "none" }), file);
        expect(outcome).toMatch(/^(no error|(Range|Type)Error: readRows: .+)$/);
      }
    }
  });
});
