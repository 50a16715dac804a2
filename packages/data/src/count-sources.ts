import { describe } from "@colm/array";

/** The sources of a data set: `counts[s]` rows belong to `names[s]`. */
export interface SourceTable {
  readonly names: readonly string[];
  readonly counts: Int32Array;
}

/** Anything that says which source it belongs to: a row or an example. */
export interface Sourced {
  readonly source: string;
}

/**
 * Counts the rows of every source, `counts[s] = |V_s|`.
 *
 * @param rows - Rows or examples, read once.
 * @returns The sources by falling count, equal counts by name, so that the order of the rows does not matter; fresh.
 * @throws {TypeError} If a row names no source.
 * @remarks O(c) memory, so that a stream of any length can be counted.
 * @example
 * const table = await countSources([{ source: "sums" }, { source: "clocks" }, { source: "sums" }]);
 * table.names; // => ["sums", "clocks"]
 * table.counts; // => [2, 1]
 */
export async function countSources(rows: AsyncIterable<Sourced> | Iterable<Sourced>): Promise<SourceTable> {
  const counts = new Map<string, number>();
  let position = 0;
  for await (const { source } of rows) {
    if (typeof source !== "string") {
      throw new TypeError(`countSources: "rows" must name sources, got ${describe(source)} at ${position}`);
    }
    counts.set(source, (counts.get(source) ?? 0) + 1);
    position++;
  }
  const order = [...counts].sort(([a, n], [b, m]) => m - n || (a < b ? -1 : 1));
  return { names: order.map(([name]) => name), counts: Int32Array.from(order, ([, count]) => count) };
}

/**
 * The place of each row's source in a table, `out[i] = s` where `names[s]` is the source of row `i`.
 *
 * @param rows - Rows or examples.
 * @param table - The sources that may occur.
 * @returns One index per row; fresh.
 * @throws {RangeError} If a row belongs to a source that the table lacks.
 * @example
 * sourceIndices([{ source: "b" }, { source: "a" }], { names: ["a", "b"], counts: Int32Array.of(1, 1) }); // => [1, 0]
 */
export function sourceIndices(rows: readonly Sourced[], table: SourceTable): Int32Array {
  const places = new Map(table.names.map((name, s) => [name, s]));
  return Int32Array.from(rows, ({ source }, i) => {
    const place = places.get(source);
    if (place !== undefined) return place;
    throw new RangeError(
      `sourceIndices: "rows" must belong to one of ${table.names.join(", ")}, got ${describe(source)} at ${i}`,
    );
  });
}
