import { describe, type Matrix, requireMatrix, requireNatural, requireVector } from "@colm/array";

/** A checked matrix of any strides, entry by entry. */
export interface Entries {
  readonly rows: number;
  readonly cols: number;
  at(i: number, j: number): number;
}

/** What the entries of a matrix have to be besides finite. */
interface Limits {
  /** As many rows as columns; false by default. */
  readonly square?: boolean;
  /** The smallest entry, 0 by default. */
  readonly min?: number;
  /** The largest entry. */
  readonly max?: number;
}

/** Requires a matrix with every entry within the limits. */
export function readEntries(
  caller: string,
  name: string,
  m: Matrix,
  { square = false, min = 0, max = Number.POSITIVE_INFINITY }: Limits = {},
): Entries {
  requireMatrix(caller, name, m);
  if (square) requireSquare(caller, name, m);
  const { data, offset } = m;
  const [rows, cols] = m.shape;
  const [rowStride, colStride] = m.stride;
  const at = (i: number, j: number): number => data[offset + i * rowStride + j * colStride];
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const entry = at(i, j);
      if (entry >= min && entry <= max) continue;
      const range = max === Number.POSITIVE_INFINITY ? `at least ${min}` : `in [${min}, ${max}]`;
      throw new RangeError(`${caller}: "${name}" must be ${range}, got ${entry} at [${i}, ${j}]`);
    }
  }
  return { rows, cols, at };
}

/** Requires as many rows as columns. */
export function requireSquare(caller: string, name: string, m: Matrix): void {
  const [rows, cols] = m.shape;
  if (rows !== cols) throw new RangeError(`${caller}: "${name}" must be square, got ${rows} x ${cols}`);
}

/** Requires `length` finite numbers of at least 0. */
export function requireWeights(caller: string, name: string, value: ArrayLike<number>, length: number): void {
  requireVector(caller, name, value, length);
  for (let i = 0; i < length; i++) {
    if (value[i] < 0) {
      throw new RangeError(`${caller}: "${name}" must be at least 0, got ${value[i]} at ${i}`);
    }
  }
}

/** Requires a finite number of at least 0. */
export function requireAmount(caller: string, name: string, value: unknown): asserts value is number {
  if (typeof value !== "number") {
    throw new TypeError(`${caller}: "${name}" must be a number, got ${describe(value)}`);
  }
  if (!(value >= 0 && value < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`${caller}: "${name}" must be finite and at least 0, got ${value}`);
  }
}

/** Requires an integer in `[1, max]`. */
export function requirePositive(caller: string, name: string, value: unknown, max?: number): void {
  requireNatural(caller, name, value, max);
  if (value === 0) throw new RangeError(`${caller}: "${name}" must be at least 1, got 0`);
}

/** Requires a function. */
export function requireFunction(caller: string, name: string, value: unknown): void {
  if (typeof value !== "function") {
    throw new TypeError(`${caller}: "${name}" must be a function, got ${describe(value)}`);
  }
}

/** Requires a set function. */
export function requireSetFunction(caller: string, name: string, f: unknown): void {
  if (typeof f !== "object" || f === null || !("start" in f && "size" in f)) {
    throw new TypeError(`${caller}: "${name}" must be a set function, got ${describe(f)}`);
  }
}

/** Requires a number above 0 and below 1, or up to 1 where `closed`. */
export function requireShare(caller: string, name: string, value: unknown, closed: boolean = false): void {
  if (typeof value !== "number") {
    throw new TypeError(`${caller}: "${name}" must be a number, got ${describe(value)}`);
  }
  if (!(value > 0 && (value < 1 || (closed && value === 1)))) {
    throw new RangeError(`${caller}: "${name}" must be in (0, 1${closed ? "]" : ")"}, got ${value}`);
  }
}
