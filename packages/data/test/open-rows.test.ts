import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { batches, encode, openRows, type ReadRowsOptions, readRows } from "../src/index.ts";
import { all, lines, refusalOf, temporaryFolder } from "./files.ts";
import { parquetBytes } from "./write-parquet.ts";

const { write } = temporaryFolder();

/** Every row that `openRows` gives for `file`, asked for in a scattered order. */
async function scattered(file: string, options: ReadRowsOptions = {}) {
  const list = await openRows(file, options);
  try {
    const rows = new Array<unknown>(list.length);
    for (let k = 0; k < list.length; k++) {
      const i = (k * 7919) % list.length;
      rows[i] = await list.get(i);
    }
    return { rows, sources: list.sources, sourceIndices: list.sourceIndices };
  } finally {
    await list.close();
  }
}

describe("openRows", () => {
  it("gives the rows of readRows in any order, with their sources", async () => {
    const row = fc.record({
      text: fc.string({ unit: "grapheme", maxLength: 30 }),
      source: fc.constantFrom("a", "b", "ü"),
    });
    const separator = fc.constantFrom("\n", "\r\n", "\n  \n\n");
    await fc.assert(
      fc.asyncProperty(fc.array(row, { minLength: 1, maxLength: 12 }), separator, async (rows, end) => {
        const file = await write("any.jsonl", rows.map((one) => JSON.stringify(one) + end).join(""));
        const opened = await scattered(file);
        expect(opened.rows).toEqual(await all(readRows(file)));
        expect(rows.map(({ source }) => source)).toEqual(
          Array.from(opened.sourceIndices, (s) => opened.sources.names[s]),
        );
      }),
      { numRuns: 40 },
    );
  });

  it("gives nothing any more once it is closed", async () => {
    const list = await openRows(await write("closed.jsonl", lines({ text: "a", source: "s" })));
    await list.get(0);
    await list.close();
    await expect(list.get(0)).rejects.toThrow(
      new Error("openRows.get: the list must be open, got a call after close()"),
    );
  });

  it("reads a row group of Parquet again when it is needed again", async () => {
    const text = Array.from({ length: 23 }, (_, i) => `text ${i}`);
    const file = await write("groups.parquet", parquetBytes({ columns: { text }, rowsPerGroup: 2 }));
    expect((await scattered(file, { source: "none" })).rows).toEqual(
      text.map((one) => ({ text: one, source: "all" })),
    );
  });

  it("takes a text file as one row, and a file that begins with a byte order mark", async () => {
    expect((await scattered(await write("a.txt", "One.\nTwo.\n"), { source: "file" })).rows).toEqual([
      { text: "One.\nTwo.\n", source: "a" },
    ]);
    const marked = await write("marked.jsonl", `\uFEFF${lines({ text: "a", source: "s" })}`);
    expect((await scattered(marked)).rows).toEqual([{ text: "a", source: "s" }]);
  });

  it("numbers the good rows alone where somebody hears of the bad ones", async () => {
    const file = await write(
      "some.jsonl",
      `{\n${lines({ text: "a", source: "s" })}7\n${lines({ text: "b", source: "s" })}`,
    );
    const bad: string[] = [];
    const { rows } = await scattered(file, { onBadRow: ({ position }) => bad.push(position) });
    expect(rows).toEqual([
      { text: "a", source: "s" },
      { text: "b", source: "s" },
    ]);
    expect(bad).toEqual([`${file}:1`, `${file}:3`]);
    expect(await refusalOf(openRows(file), file)).toBe(
      'RangeError: readRows: "source" must hold one JSON object per line, got "{" at some.jsonl:1',
    );
  });

  it("lets batches encode rows when they are drawn, in the order that a held list has", async () => {
    const rows = Array.from({ length: 10 }, (_, i) => ({ prompt: `${i}?`, completion: `${i}`, source: "s" }));
    const list = await openRows(await write("rows.jsonl", lines(...rows)));
    const letters = { encode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0) };
    const examples = { length: list.length, get: async (i: number) => encode(await list.get(i), letters) };
    const held = rows.map((row) => encode(row, letters));
    const options = { size: 3, seed: 1, epochs: 2, start: 2 };
    expect(await all(batches(examples, options))).toEqual(await all(batches(held, options)));
    await list.close();
  });

  it("refuses a packed file, a row that is not there, and a file that became shorter", async () => {
    const packed = await write("rows.jsonl.gz", gzipSync(lines({ text: "a", source: "s" })));
    expect(await refusalOf(openRows(packed), packed)).toBe(
      'RangeError: openRows: "source" must not be packed (unpack it, or read it in order with readRows), got "rows.jsonl.gz"',
    );
    const file = await write("short.jsonl", lines({ text: "a", source: "s" }, { text: "b", source: "s" }));
    const list = await openRows(file);
    expect(await refusalOf(list.get(2))).toBe(
      'RangeError: openRows.get: "index" must be an integer in [0, 1], got 2',
    );
    await write("short.jsonl", lines({ text: "a", source: "s" }));
    expect(await refusalOf(list.get(1), file)).toBe(
      'RangeError: readRows: "source" must stay as it is while it is read, got 0 of 25 bytes at short.jsonl',
    );
    await list.close();
  });
});
