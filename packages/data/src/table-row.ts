/** Row `i` of a table as a plain object: 64-bit integers become numbers, bytes that are no UTF-8 are refused. */
export function rowOfColumns(
  columns: ReadonlyMap<string, ArrayLike<unknown>>,
  i: number,
  position: string,
): Record<string, unknown> {
  return Object.fromEntries(
    Array.from(columns, ([name, column]) => [name, plain(column[i], name, position)]),
  );
}

function plain(value: unknown, name: string, position: string): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  if (value instanceof Uint8Array) {
    throw new RangeError(`readRows: "${name}" must be UTF-8 text, got other bytes ${position}`);
  }
  if (Array.isArray(value)) return value.map((entry: unknown) => plain(entry, name, position));
  if (typeof value !== "object" || value === null || value instanceof Date) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, plain(entry, name, position)]));
}
