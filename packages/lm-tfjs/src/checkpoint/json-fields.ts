import { describe } from "@colm/array";

/** A JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/** Whether a parsed JSON value is an object. */
export function isJsonObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Bytes as a JSON object; the error names the file. */
export function parseJsonObject(caller: string, file: string, bytes: Uint8Array): JsonObject {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder("utf-8", { fatal: true }).decode(bytes));
  } catch (error) {
    throw new RangeError(`${caller}: "${file}" must be JSON, got ${reason(error)}`);
  }
  if (!isJsonObject(value)) {
    throw new RangeError(`${caller}: "${file}" must be a JSON object, got ${describe(value)}`);
  }
  return value;
}

/** An error's message on one line. */
export function reason(error: unknown): string {
  const message = error instanceof Error ? error.message : String(error);
  return message.replace(/\s+/g, " ").trim();
}

/** A field that must be a positive integer; `fallback` where the field is absent or null. */
export function positiveInteger(caller: string, fields: JsonObject, key: string, fallback?: number): number {
  const value = fields[key] ?? fallback;
  if (typeof value !== "number") throw wrongKind(caller, key, "a positive integer", value);
  if (!Number.isSafeInteger(value) || value < 1) throw wrongValue(caller, key, "a positive integer", value);
  return value;
}

/** A field that must be a finite number above 0; `fallback` where the field is absent or null. */
export function positiveNumber(caller: string, fields: JsonObject, key: string, fallback?: number): number {
  const value = fields[key] ?? fallback;
  if (typeof value !== "number") throw wrongKind(caller, key, "a positive number", value);
  if (!(value > 0 && value < Infinity)) throw wrongValue(caller, key, "a positive number", value);
  return value;
}

/** A field that must be true or false; `fallback` where the field is absent or null. */
export function flag(caller: string, fields: JsonObject, key: string, fallback: boolean): boolean {
  const value = fields[key] ?? fallback;
  if (typeof value !== "boolean") throw wrongKind(caller, key, "true or false", value);
  return value;
}

/** Refuses a field unless it is absent, null or one of the values that change nothing. */
export function requireNeutral(
  caller: string,
  fields: JsonObject,
  key: string,
  neutral: readonly unknown[] = [],
): void {
  const value = fields[key] ?? null;
  if (value === null || neutral.includes(value)) return;
  if (Array.isArray(value) && value.length === 0) return;
  if (isJsonObject(value) && Object.keys(value).length === 0) return;
  const wanted = neutral.length === 0 ? "absent" : neutral.map((v) => JSON.stringify(v)).join(" or ");
  throw wrongValue(caller, key, `${wanted}: nothing else is supported`, value);
}

/** The error for a field of the wrong kind. */
export function wrongKind(caller: string, key: string, condition: string, value: unknown): TypeError {
  return new TypeError(`${caller}: "${key}" must be ${condition}, got ${describe(value)}`);
}

/** The error for a field of the wrong value. */
export function wrongValue(caller: string, key: string, condition: string, value: unknown): RangeError {
  return new RangeError(`${caller}: "${key}" must be ${condition}, got ${describe(value)}`);
}
