import { describe } from "@colm/array";
import type { Message, Row } from "./row.ts";
import type { FileSourceRule } from "./source-rule.ts";

/** The fields of each shape, in the order in which they are looked for. */
const SHAPES: readonly (readonly string[])[] = [
  ["instruction", "output"],
  ["prompt", "completion"],
  ["messages"],
  ["text"],
  ["input_ids", "labels"],
];

/** The fields of the first shape that `names` has in full. */
function shapeOf(names: { has(name: string): boolean }): readonly string[] | undefined {
  return SHAPES.find((fields) => fields.every((field) => names.has(field)));
}

/** The columns of a table that its rows are made of. */
export function columnsOf(names: readonly string[], rule: FileSourceRule, position: string): string[] {
  const all = new Set(names);
  const shape = shapeOf(all);
  if (shape === undefined) throw noShape(names, position);
  const wanted = new Set([...shape, ...(shape[0] === "instruction" ? ["input"] : [])]);
  if ("field" in rule) wanted.add(rule.field);
  return [...wanted].filter((name) => all.has(name));
}

/** Makes a row of a parsed value, keeping nothing but the fields of its shape and its source. */
export function parseRow(value: unknown, rule: FileSourceRule, position: string): Row {
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
  const shape = shapeOf(fields);
  const source = "name" in rule ? rule.name : sourceOf(fields, rule.field, position);
  switch (shape?.[0]) {
    case "instruction":
      requireNoInput(fields.get("input"), position);
      return { instruction: text("instruction"), output: text("output"), source };
    case "prompt":
      return { prompt: text("prompt"), completion: text("completion"), source };
    case "messages":
      return { messages: messagesOf(fields.get("messages"), position), source };
    case "text":
      return { text: text("text"), source };
    case "input_ids":
      return { ...tokenFields(fields, position), source };
    default:
      throw noShape([...fields.keys()], position);
  }
}

function noShape(names: readonly string[], position: string): Error {
  const shapes = SHAPES.map((fields) => `{ ${fields.join(", ")} }`);
  const last = shapes.pop();
  return new RangeError(
    `readRows: "source" must hold rows ${shapes.join(", ")} or ${last}, got fields { ${names.join(", ")} } ${position}`,
  );
}

/** The source that a row names. */
export function sourceOf(fields: ReadonlyMap<string, unknown>, field: string, position: string): string {
  const source = fields.get(field);
  if (typeof source === "string" && source !== "") return source;
  throw new RangeError(
    `readRows: "${field}" must name the row's source (or give { source: { name } } to name it for all rows), got ${describe(source)} ${position}`,
  );
}

/** Alpaca's third field: a template has no place for it, and leaving it out would change the task. */
function requireNoInput(input: unknown, position: string): void {
  if (input === undefined || input === null || input === "") return;
  throw new RangeError(
    `readRows: "input" must be empty beside "instruction" (join the two first), got ${describe(input)} ${position}`,
  );
}

function messagesOf(value: unknown, position: string): Message[] {
  if (!Array.isArray(value) || value.length === 0) {
    throw new TypeError(
      `readRows: "messages" must be an array of { role, content }, got ${describe(value)} ${position}`,
    );
  }
  const messages = value.map((message: unknown, i) => messageOf(message, `in message ${i + 1} ${position}`));
  if (messages.some(({ role }) => role === "assistant")) return messages;
  throw new RangeError(
    `readRows: "messages" must have a turn of the assistant, got roles ${messages.map(({ role }) => role).join(", ")} ${position}`,
  );
}

function messageOf(value: unknown, position: string): Message {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new TypeError(
      `readRows: "messages" must hold { role, content }, got ${describe(value)} ${position}`,
    );
  }
  const entries = Object.entries(value).filter(([, entry]) => entry !== undefined && entry !== null);
  const { role, content, ...rest }: Record<string, unknown> = Object.fromEntries(entries);
  if (typeof role !== "string" || role === "") {
    throw new TypeError(`readRows: "role" must be a name, got ${describe(role)} ${position}`);
  }
  if (typeof content !== "string") {
    throw new TypeError(`readRows: "content" must be a string, got ${describe(content)} ${position}`);
  }
  return { role, content, ...rest };
}

function tokenFields(
  fields: ReadonlyMap<string, unknown>,
  position: string,
): { readonly input_ids: number[]; readonly labels: number[] } {
  const input_ids = tokens(fields.get("input_ids"), "input_ids", 0, position);
  const labels = tokens(fields.get("labels"), "labels", -100, position);
  if (labels.length === input_ids.length) return { input_ids, labels };
  throw new RangeError(
    `readRows: "labels" must have ${input_ids.length} entries as "input_ids" has, got ${labels.length} ${position}`,
  );
}

const LARGEST_TOKEN = 2 ** 31 - 1;

function tokens(entry: unknown, name: string, least: number, position: string): number[] {
  if (!Array.isArray(entry)) {
    throw new TypeError(`readRows: "${name}" must be an array of tokens, got ${describe(entry)} ${position}`);
  }
  return entry.map((token: unknown) => {
    const isNumber = typeof token === "number" && Number.isInteger(token) && token <= LARGEST_TOKEN;
    if (isNumber && (token >= 0 || token === least)) return token;
    const ignored = least < 0 ? ` or ${least}` : "";
    throw new RangeError(
      `readRows: "${name}" must hold integers of at least 0${ignored}, got ${describe(token)} ${position}`,
    );
  });
}
