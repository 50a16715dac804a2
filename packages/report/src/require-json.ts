/** A JSON object. */
export type JsonObject = { readonly [key: string]: unknown };

/** A list, or an error that names it. */
export function requireList(caller: string, path: string, value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw wrongKind(caller, path, "a list", value);
  return value;
}

/** An object, or an error that names it. */
export function requireObject(caller: string, path: string, value: unknown): JsonObject {
  if (!isObject(value)) throw wrongKind(caller, path, "an object", value);
  return value;
}

/** A text that is not empty, or an error that names it. */
export function requireText(caller: string, path: string, value: unknown): string {
  if (typeof value !== "string") throw wrongKind(caller, path, "a text", value);
  if (value === "") throw new RangeError(`${caller}: "${path}" must not be empty, got ""`);
  return value;
}

/** A finite number in `[min, max]`, or an error that names it. Null passes as 0 where it is allowed. */
export function requireNumber(
  caller: string,
  path: string,
  value: unknown,
  options: { min?: number; max?: number; whole?: boolean; nullable?: boolean } = {},
): number {
  const { min = 0, max = Infinity, whole = false, nullable = false } = options;
  if (value === null && nullable) return 0;
  const kind = `${whole ? "an integer" : "a number"} ${max === Infinity ? `of at least ${min}` : `in [${min}, ${max}]`}`;
  const condition = nullable ? `${kind} or null` : kind;
  if (typeof value !== "number") throw wrongKind(caller, path, condition, value);
  const isRight =
    Number.isFinite(value) && value >= min && value <= max && (!whole || Number.isInteger(value));
  if (!isRight) throw new RangeError(`${caller}: "${path}" must be ${condition}, got ${value}`);
  return value;
}

/** An object of texts, numbers, booleans and nulls, or an error that names the first entry that is none. */
export function requireShown(caller: string, path: string, value: unknown): void {
  for (const [key, entry] of Object.entries(requireObject(caller, path, value))) {
    if (entry === null || typeof entry === "string" || typeof entry === "boolean") continue;
    if (typeof entry !== "number") {
      throw wrongKind(caller, `${path}.${key}`, "a text, a number, true, false or null", entry);
    }
    if (!Number.isFinite(entry))
      throw new RangeError(`${caller}: "${path}.${key}" must be finite, got ${entry}`);
  }
}

function isObject(value: unknown): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function wrongKind(caller: string, path: string, condition: string, value: unknown): TypeError {
  let shown = String(value);
  if (typeof value === "string") shown = JSON.stringify(value);
  if (typeof value === "object" && value !== null) shown = Array.isArray(value) ? "a list" : "an object";
  return new TypeError(`${caller}: "${path}" must be ${condition}, got ${shown}`);
}
