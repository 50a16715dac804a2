import { gzipSync } from "node:zlib";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { readRows } from "../src/index.ts";
import { readLines } from "../src/read-lines.ts";
import { all, lines, refusalOf, rowsAndBad, temporaryFolder } from "./files.ts";

const { write } = temporaryFolder();
const GOOD = { text: "a", source: "s" };

describe("readRows with onBadRow", () => {
  it("names line and fault of each bad row, and gives the others", async () => {
    const content = Buffer.concat([
      Buffer.from(`${lines(GOOD)}{"text": "a"\n\n`),
      Uint8Array.of(0x22, 0xff, 0x22, 0x0a),
      Buffer.from(lines({ text: 3, source: "s" }, GOOD, { text: "a" }, { text: "a", source: "" })),
    ]);
    const file = await write("mixed.jsonl", content);
    const { rows, bad } = await rowsAndBad(file);
    expect(rows).toEqual([GOOD, GOOD]);
    expect(bad.map(({ position, message }) => [position, message].join(" ").replaceAll(file, ""))).toEqual([
      ':2 readRows: "source" must hold one JSON object per line, got "{\\"text\\": \\"a\\"" at :2',
      ':4 readRows: "source" must be UTF-8, got other bytes at :4',
      ':5 readRows: "text" must be a string, got 3 at :5',
      ':7 readRows: "source" must name the row\'s source (or give { source: { name } } to name it for all rows), got undefined at :7',
      ':8 readRows: "source" must name the row\'s source (or give { source: { name } } to name it for all rows), got "" at :8',
    ]);
  });

  it("reads good and bad rows alike, wherever they stand", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: 1, maxLength: 20 }), async (marks) => {
        const file = await write("marks.jsonl", marks.map((good) => (good ? lines(GOOD) : "?\n")).join(""));
        if (!marks.includes(true)) {
          expect(await refusalOf(rowsAndBad(file), file)).toBe(
            `RangeError: readRows: "source" must hold at least one row, got ${marks.length} bad ones alone in marks.jsonl`,
          );
          return;
        }
        const { rows, bad } = await rowsAndBad(file);
        expect(rows).toHaveLength(marks.filter((good) => good).length);
        const wanted = marks.flatMap((good, i) => (good ? [] : [`${file}:${i + 1}`]));
        expect(bad.map(({ position }) => position)).toEqual(wanted);
      }),
      { numRuns: 40 },
    );
  });

  it("hears of bad rows of an iterable, by their place", async () => {
    async function* made(): AsyncGenerator<typeof GOOD> {
      yield GOOD;
      yield { ...GOOD, source: "" };
      yield GOOD;
    }
    const places: string[] = [];
    const rows = await all(readRows(made(), { onBadRow: ({ position }) => places.push(position) }));
    expect(rows).toEqual([GOOD, GOOD]);
    expect(places).toEqual(["1"]);
  });

  it("lets its own errors through, and those of a damaged file", async () => {
    const file = await write("bad.jsonl", `{\n${lines(GOOD)}`);
    const stop = readRows(file, {
      onBadRow: () => {
        throw new RangeError("too many");
      },
    });
    await expect(all(stop)).rejects.toThrow(new RangeError("too many"));
    const packed = gzipSync(lines(GOOD, GOOD));
    const short = await write("short.jsonl.gz", packed.subarray(0, -4));
    expect(await refusalOf(rowsAndBad(short), short)).toContain("must be a whole gzip file");
  });
});

describe("readRows of a packed file that is not sound", () => {
  const rows = Array.from({ length: 2000 }, (_, i) => ({ text: `${i} ${Math.sin(i)}`, source: "s" }));
  const packed = gzipSync(lines(...rows));

  it("says how far it came in one that ends early", async () => {
    for (const length of [0, 1, 12, packed.length >> 1, packed.length - 8, packed.length - 1]) {
      const file = await write("early.jsonl.gz", packed.subarray(0, length));
      const wanted =
        length === 0
          ? /^RangeError: readRows: "source" must (hold at least one row, got none in|be a whole gzip file, got one that ends early at) early\.jsonl\.gz(:1)?$/
          : /^RangeError: readRows: "source" must be a whole gzip file, got one that ends early at early\.jsonl\.gz:\d+$/;
      expect(await refusalOf(all(readRows(file)), file)).toMatch(wanted);
    }
  });

  it("never gives all rows of one with a wrong checksum or length", async () => {
    for (const back of [1, 5, 8]) {
      const bytes = Uint8Array.from(packed);
      bytes[bytes.length - back] ^= 1;
      const file = await write("lying.jsonl.gz", bytes);
      expect(await refusalOf(all(readRows(file)), file)).toMatch(
        /^RangeError: readRows: "source" must be a sound gzip file, got Z_\w+ at lying\.jsonl\.gz:\d+$/,
      );
    }
  });

  it("reads several packed files that were put together", async () => {
    const file = await write("two.jsonl.gz", Buffer.concat([gzipSync(lines(GOOD)), gzipSync(lines(GOOD))]));
    expect(await all(readRows(file))).toEqual([GOOD, GOOD]);
  });
});

describe("readLines", () => {
  const pieces = async function* (parts: readonly string[]): AsyncGenerator<Uint8Array> {
    for (const part of parts) yield Buffer.from(part);
  };

  it("cuts at line ends, however the bytes come, and says where each line begins", async () => {
    const text = fc
      .array(fc.constantFrom("a", "ü", "\n", "\r\n", "😀"), { maxLength: 20 })
      .map((parts) => parts.join(""));
    await fc.assert(
      fc.asyncProperty(text, fc.array(fc.nat({ max: 6 }), { maxLength: 20 }), async (content, cuts) => {
        const bytes = Buffer.from(content);
        const parts: Uint8Array[] = [];
        let at = 0;
        for (const cut of cuts) {
          parts.push(bytes.subarray(at, at + cut));
          at += cut;
        }
        parts.push(bytes.subarray(at));
        const found = await all(
          readLines(
            (async function* () {
              yield* parts;
            })(),
            "x",
          ),
        );
        const wanted = content.split("\n");
        if (wanted.at(-1) === "") wanted.pop();
        expect(found.map((line) => Buffer.from(line.bytes).toString())).toEqual(wanted);
        for (const { bytes: line, start, number } of found) {
          expect(bytes.subarray(start, start + line.length)).toEqual(Buffer.from(line));
          expect(found[number - 1]?.start).toBe(start);
        }
      }),
    );
  });

  it("stops at a line that no memory should hold", async () => {
    expect(await refusalOf(all(readLines(pieces(["a\n", "b".repeat(10), "b".repeat(10)]), "x", 16)))).toBe(
      'RangeError: readRows: "source" must hold lines of at most 16 bytes, got a longer one at x:2',
    );
  });
});
