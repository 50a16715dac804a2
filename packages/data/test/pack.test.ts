import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import {
  batches,
  collate,
  collect,
  type Example,
  encode,
  type PackOptions,
  pack,
  readRows,
} from "../src/index.ts";
import { all, refusalOf } from "./files.ts";

const letters = {
  encode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
  eosId: 0,
};
const document = (text: string, source = "s"): Example => encode({ text, source }, letters);

const tokens = fc.array(fc.integer({ min: 1, max: 9 }), { maxLength: 12 });
const documents = fc.array(
  fc.record({ ids: tokens, source: fc.constantFrom("a", "b", "c") }).map(({ ids, source }): Example => {
    const inputIds = Int32Array.from(ids);
    return { inputIds, labels: inputIds.map((id, t) => (t % 3 === 0 ? -100 : id)), source, truncated: 0 };
  }),
  { minLength: 1, maxLength: 12 },
);
const isFilled = (list: readonly Example[]) => list.some(({ inputIds }) => inputIds.length > 0);

/** All ids and labels of a source, one after another. */
const strip = (list: readonly Example[], source: string) => {
  const own = list.filter((example) => example.source === source);
  return {
    ids: own.flatMap(({ inputIds }) => [...inputIds]),
    labels: own.flatMap(({ labels }) => [...labels]),
  };
};

describe("pack", () => {
  it("puts documents with their ends one after another, each source apart", async () => {
    const list = [document("abc"), document("xy", "t"), document("de"), document("z", "t")];
    const chunks = await pack(list, { length: 4 });
    expect(chunks.length).toBe(4);
    expect(chunks.tokens).toBe(12);
    expect(chunks.dropped).toBe(0);
    const text = ({ inputIds }: Example) =>
      [...inputIds].map((id) => (id === 0 ? "." : String.fromCodePoint(id))).join("");
    expect((await collect(chunks)).map((chunk) => [text(chunk), chunk.source])).toEqual([
      ["abc.", "s"],
      ["de.", "s"],
      ["xy.z", "t"],
      [".", "t"],
    ]);
  });

  it("loses no token and no label, doubles none, and fills every chunk but the last of a source", async () => {
    await fc.assert(
      fc.asyncProperty(documents.filter(isFilled), fc.integer({ min: 2, max: 9 }), async (list, length) => {
        const packed = await pack(list, { length });
        const chunks = await collect(packed);
        for (const source of new Set(list.map((example) => example.source))) {
          expect(strip(chunks, source)).toEqual(strip(list, source));
          const own = chunks.filter((chunk) => chunk.source === source);
          for (const { inputIds } of own.slice(0, -1)) expect(inputIds).toHaveLength(length);
        }
        expect(packed.tokens).toBe(list.reduce((sum, { inputIds }) => sum + inputIds.length, 0));
      }),
    );
  });

  it("leaves the rest of each source out when asked to, and counts it", async () => {
    await fc.assert(
      fc.asyncProperty(documents.filter(isFilled), fc.integer({ min: 2, max: 5 }), async (list, length) => {
        const kept = (await collect(await pack(list, { length }))).filter(
          (chunk) => chunk.inputIds.length === length,
        );
        if (kept.length === 0) return;
        const packed = await pack(list, { length, last: "drop" });
        expect(await collect(packed)).toEqual(kept);
        expect(packed.dropped).toBe(packed.tokens - kept.length * length);
      }),
    );
  });

  it("gives any chunk alone, and reads of the documents only what is in it", async () => {
    const list = Array.from({ length: 100 }, (_, i) => document("abcdefghi".slice(i % 9)));
    const read: number[] = [];
    const lazy = {
      length: list.length,
      get: async (index: number) => {
        read.push(index);
        return list[index];
      },
    };
    const chunks = await pack(lazy, { length: 8 });
    expect(read).toHaveLength(100);
    read.length = 0;
    expect(await chunks.get(30)).toEqual((await collect(await pack(list, { length: 8 })))[30]);
    expect(read.length).toBeLessThan(6);
  });

  it("goes through batches in a seeded order that can be entered anywhere", async () => {
    const chunks = await pack(
      Array.from({ length: 40 }, () => document("abcde")),
      { length: 7 },
    );
    const options = { size: 4, seed: 1, epochs: 2 };
    const whole = await all(batches(chunks, options));
    expect(await all(batches(chunks, { ...options, start: 9 }))).toEqual(whole.slice(9));
    expect(collate(whole[0], { padTo: 7 }).shape).toEqual([4, 7]);
  });

  it.each<[string, Example[], PackOptions, string]>([
    [
      "no tokens",
      [],
      { length: 4 },
      'RangeError: pack: "documents" must fill a chunk of 4 tokens, got 0 tokens',
    ],
    [
      "too few tokens for one chunk",
      [document("ab")],
      { length: 4, last: "drop" },
      'RangeError: pack: "documents" must fill a chunk of 4 tokens, got 3 tokens',
    ],
    [
      "a length of 1",
      [document("ab")],
      { length: 1 },
      'RangeError: pack: "length" must be at least 2, got 1',
    ],
    [
      "labels of another length",
      [{ ...document("ab"), labels: new Int32Array(1) }],
      { length: 4 },
      'RangeError: pack: "documents" must have as many labels as ids, got 1 and 3 at 0',
    ],
  ])("refuses %s", async (_, list, options, message) => {
    expect(await refusalOf(pack(list, options))).toBe(message);
  });

  it("refuses a chunk that is not there", async () => {
    const chunks = await pack([document("abc")], { length: 4 });
    expect(await refusalOf(Promise.resolve().then(() => chunks.get(1)))).toBe(
      'RangeError: pack: "index" must be an integer in [0, 0], got 1',
    );
  });

  it("notices that documents changed", async () => {
    const list = [document("abc"), document("de")];
    const chunks = await pack(list, { length: 4 });
    list[1] = document("d");
    expect(await refusalOf(Promise.resolve(chunks.get(1)))).toBe(
      'RangeError: pack: "documents" must stay as they are, got 2 tokens instead of 3 at 1',
    );
  });
});

const TEXTS = new URL("../../../../shared/data/pretrain/validation.jsonl", import.meta.url);
const missing = !existsSync(TEXTS);

describe.skipIf(missing)(`pack on real texts${missing ? ": skipped, shared/data is missing" : ""}`, () => {
  it("keeps every letter of 430 kB of text of seven sources", async () => {
    const list = (await all(readRows(fileURLToPath(TEXTS)))).map((row) => encode(row, letters));
    const packed = await pack(list, { length: 1024 });
    const chunks = await collect(packed);
    for (const source of new Set(list.map((example) => example.source))) {
      expect(strip(chunks, source)).toEqual(strip(list, source));
    }
    expect(chunks.filter(({ inputIds }) => inputIds.length < 1024).length).toBeLessThanOrEqual(7);
  });
});
