import { describe } from "@colm/array";

/**
 * Where a row's source is written: in one of its fields; the same name for all rows; the name of the file that it stands
 * in, without folder, endings and shard number (`data/sums-00001-of-00004.parquet` is `sums`); or nowhere, which makes
 * all rows one source with the name `all`.
 */
export type SourceRule = { readonly field: string } | { readonly name: string } | "file" | "none";

/** A rule for the rows of one file: "file" and "none" have become a name. */
export type FileSourceRule = { readonly field: string } | { readonly name: string };

/** Checks a rule before anything is read. */
export function requireSourceRule(rule: SourceRule): void {
  if (rule === "file" || rule === "none") return;
  if (typeof rule !== "object" || rule === null) {
    throw new TypeError(
      `readRows: "options.source" must be { field }, { name }, "file" or "none", got ${describe(rule)}`,
    );
  }
  const name = "name" in rule ? rule.name : rule.field;
  if (typeof name === "string" && name !== "") return;
  throw new TypeError(
    `readRows: "options.source" must be { field } or { name } with a name, got ${describe(name)}`,
  );
}

/** The rule for the rows of `file`. */
export function ruleForFile(rule: SourceRule, file: string): FileSourceRule {
  if (rule === "none") return { name: "all" };
  return rule === "file" ? { name: nameOfFile(file) } : rule;
}

function nameOfFile(file: string): string {
  const [end = ""] = file.split(/[\\/]/).slice(-1);
  const last = file.startsWith("file:") ? decoded(end) : end;
  const name = last.replace(/\.gz$/i, "").replace(/\.[a-z0-9]+$/i, "");
  return name.replace(/-\d+-of-\d+$/, "") || last;
}

/** The name that stands in an address, where a space is `%20`. */
function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
