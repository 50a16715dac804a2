import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countSources, sourceIndices } from "../src/index.ts";

const rowsOf = (names: readonly string[]): { source: string }[] => names.map((source) => ({ source }));

describe("countSources", () => {
  it("counts by falling size, equal sizes by name", async () => {
    expect(await countSources(rowsOf(["b", "c", "a", "c"]))).toEqual({
      names: ["c", "a", "b"],
      counts: Int32Array.of(2, 1, 1),
    });
  });

  it("counts a stream, and nothing in an empty one", async () => {
    async function* stream(): AsyncGenerator<{ source: string }> {
      yield* rowsOf(["a", "a"]);
    }
    expect(await countSources(stream())).toEqual({ names: ["a"], counts: Int32Array.of(2) });
    expect(await countSources([])).toEqual({ names: [], counts: new Int32Array(0) });
  });

  it("does not depend on the order of the rows, and its counts sum to their number", async () => {
    const names = fc.array(fc.constantFrom("a", "b", "c", "d"), { maxLength: 30 });
    await fc.assert(
      fc.asyncProperty(names, async (list) => {
        const table = await countSources(rowsOf(list));
        expect(await countSources(rowsOf(list.toReversed()))).toEqual(table);
        expect(table.counts.reduce((sum, count) => sum + count, 0)).toBe(list.length);
      }),
    );
  });

  it("refuses a row without a source", async () => {
    // @ts-expect-error no source
    await expect(countSources([{ source: "a" }, {}])).rejects.toThrow(
      new TypeError('countSources: "rows" must name sources, got undefined at 1'),
    );
  });
});

describe("sourceIndices", () => {
  const table = { names: ["c", "a"], counts: Int32Array.of(2, 1) };

  it("finds each row's source", () => {
    expect(sourceIndices(rowsOf(["a", "c", "c"]), table)).toEqual(Int32Array.of(1, 0, 0));
  });

  it("refuses an unknown source", () => {
    expect(() => sourceIndices(rowsOf(["a", "x"]), table)).toThrow(
      new RangeError('sourceIndices: "rows" must belong to one of c, a, got "x" at 1'),
    );
  });
});
