import { describe } from "@colm/array";

/** How rows stand in a file: one JSON object a line, a Parquet table, or one plain text as the only row. */
export type DataFormat = "jsonl" | "parquet" | "text";

/** Checks a format that a caller gave. */
export function requireFormat(format: DataFormat | undefined): void {
  if (format === undefined || format === "jsonl" || format === "parquet" || format === "text") return;
  throw new RangeError(
    `readRows: "options.format" must be "jsonl", "parquet" or "text", got ${describe(format)}`,
  );
}

/** The format that a file's name ends with; undefined where it says nothing. `.gz` says nothing of what is packed. */
export function formatOfName(name: string): DataFormat | undefined {
  const [, ending = ""] = /\.([a-z0-9]+)(?:\.gz)?$/i.exec(name) ?? [];
  switch (ending.toLowerCase()) {
    case "jsonl":
    case "ndjson":
      return "jsonl";
    case "parquet":
      return "parquet";
    case "txt":
      return "text";
    default:
      return undefined;
  }
}

/** Whether a file's name says that it is packed. */
export function isPacked(name: string): boolean {
  return /\.gz$/i.test(name);
}
