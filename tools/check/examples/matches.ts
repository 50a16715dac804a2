import type { Literal } from "./literal.ts";

/**
 * Whether `actual` is what documentation says it is. Whole numbers must be equal; others agree when they round to the
 * same six significant digits. A list stands for an array, a typed array (of the type named, if one is), or the rows of an ndarray.
 */
export function matches(actual: unknown, literal: Literal): boolean {
  switch (literal.kind) {
    case "number":
      return typeof actual === "number" && sameNumber(actual, literal.value, literal.exact);
    case "plain":
      return Object.is(actual, literal.value);
    case "list": {
      const items = listed(actual);
      if (items === undefined || !typeNamed(actual, literal.type)) return false;
      if (literal.open ? items.length < literal.items.length : items.length !== literal.items.length)
        return false;
      return literal.items.every((item, i) => matches(items[i], item));
    }
    case "object": {
      if (typeof actual !== "object" || actual === null || listed(actual) !== undefined) return false;
      const entries = new Map(Object.entries(actual));
      if (!literal.open && entries.size !== literal.entries.size) return false;
      return [...literal.entries].every(([key, item]) => entries.has(key) && matches(entries.get(key), item));
    }
    case "map": {
      if (!(actual instanceof Map)) return false;
      const entries = [...actual];
      if (!literal.open && entries.length !== literal.entries.length) return false;
      return literal.entries.every(
        ([key, item], i) => matches(entries[i]?.[0], key) && matches(entries[i]?.[1], item),
      );
    }
  }
}

function sameNumber(actual: number, expected: number, exact: boolean): boolean {
  if (Number.isNaN(expected)) return Number.isNaN(actual);
  if (actual === expected) return true;
  if (exact && Number.isInteger(actual)) return false;
  if (expected === 0 || !Number.isFinite(expected)) return false;
  const unit = 10 ** (Math.floor(Math.log10(Math.abs(expected))) - 5);
  return Math.abs(actual - expected) <= 0.5000001 * unit;
}

function typeNamed(actual: unknown, type: string | undefined): boolean {
  if (type === undefined) return true;
  return typeof actual === "object" && actual !== null && actual.constructor.name === type;
}

function listed(actual: unknown): readonly unknown[] | undefined {
  if (Array.isArray(actual)) return actual;
  if (ArrayBuffer.isView(actual) && isIterable(actual)) return Array.from(actual);
  if (isMatrix(actual)) {
    const [rows, cols] = actual.shape;
    return Array.from({ length: rows }, (_, i) => Array.from({ length: cols }, (_, j) => actual.get(i, j)));
  }
  return undefined;
}

function isIterable(value: object): value is Iterable<unknown> {
  return Symbol.iterator in value;
}

interface TwoDimensional {
  readonly shape: readonly number[];
  get(i: number, j: number): unknown;
}

function isMatrix(value: unknown): value is TwoDimensional {
  return (
    typeof value === "object" &&
    value !== null &&
    "shape" in value &&
    "get" in value &&
    "stride" in value &&
    Array.isArray(value.shape) &&
    value.shape.length === 2
  );
}
