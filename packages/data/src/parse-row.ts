import { describe } from "@colm/array";
import type { Row } from "./row.ts";

/** Where a row's source is written: in one of its fields, or the same name for all rows. */
export type SourceRule = { readonly field: string } | { readonly name: string };

const SHAPES = "{ instruction, output }, { prompt, completion }, { text } or { input_ids, labels }";

/** Makes a row of a parsed value, keeping nothing but the fields of its shape and its source. */
export function parseRow(value: unknown, rule: SourceRule, position: string): Row {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `readRows: "source" must hold one object per row, got ${describe(value)} ${position}`,
    );
  }
  const fields = new Map<string, unknown>(Object.entries(value));
  const text = (name: string): string => {
    const entry = fields.get(name);
    if (typeof entry === "string") return entry;
    throw new TypeError(`readRows: "${name}" must be a string, got ${describe(entry)} ${position}`);
  };
  const source = "name" in rule ? rule.name : sourceOf(fields, rule.field, position);
  if (fields.has("instruction") && fields.has("output")) {
    return { instruction: text("instruction"), output: text("output"), source };
  }
  if (fields.has("prompt") && fields.has("completion")) {
    return { prompt: text("prompt"), completion: text("completion"), source };
  }
  if (fields.has("text")) return { text: text("text"), source };
  if (fields.has("input_ids") && fields.has("labels")) {
    const input_ids = tokens(fields, "input_ids", 0, position);
    const labels = tokens(fields, "labels", -100, position);
    if (labels.length === input_ids.length) return { input_ids, labels, source };
    throw new RangeError(
      `readRows: "labels" must have ${input_ids.length} entries as "input_ids" has, got ${labels.length} ${position}`,
    );
  }
  const names = [...fields.keys()].join(", ");
  throw new RangeError(`readRows: "source" must hold rows ${SHAPES}, got fields { ${names} } ${position}`);
}

function sourceOf(fields: ReadonlyMap<string, unknown>, field: string, position: string): string {
  const source = fields.get(field);
  if (typeof source === "string" && source !== "") return source;
  throw new RangeError(
    `readRows: "${field}" must name the row's source (or give { source: { name } } to name it for all rows), got ${describe(source)} ${position}`,
  );
}

function tokens(
  fields: ReadonlyMap<string, unknown>,
  name: string,
  least: number,
  position: string,
): number[] {
  const entry = fields.get(name);
  if (!Array.isArray(entry)) {
    throw new TypeError(`readRows: "${name}" must be an array of tokens, got ${describe(entry)} ${position}`);
  }
  return entry.map((token: unknown) => {
    const isLabel = Number.isInteger(token) && typeof token === "number" && (token >= 0 || token === least);
    if (isLabel) return token;
    const ignored = least < 0 ? ` or ${least}` : "";
    throw new RangeError(
      `readRows: "${name}" must hold integers of at least 0${ignored}, got ${describe(token)} ${position}`,
    );
  });
}
