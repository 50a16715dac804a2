/**
 * How an error message shows a value: numbers and strings as they are, everything else by its kind.
 *
 * @param value - Anything.
 * @returns A short text without line breaks.
 * @example
 * describe([1, 2]); // => "an array of 2"
 */
export function describe(value: unknown): string {
  if (typeof value === "string") return JSON.stringify(value);
  if (typeof value === "bigint") return `${value}n`;
  if (Array.isArray(value)) return `an array of ${value.length}`;
  if (ArrayBuffer.isView(value)) {
    const name = value.constructor.name;
    return "length" in value ? `a ${name} of ${value.length}` : `a ${name}`;
  }
  if (typeof value === "function") return "a function";
  if (typeof value === "object" && value !== null)
    return `an object of kind ${value.constructor?.name ?? "null"}`;
  return String(value);
}
