import { describe, type Matrix, requireNatural, requireVector } from "@colm/array";

/** Requires every entry of a checked matrix to be in `[0, max]`. */
export function requireEntries(
  caller: string,
  name: string,
  m: Matrix,
  max: number = Number.POSITIVE_INFINITY,
): void {
  const { data, offset } = m;
  const [rows, cols] = m.shape;
  const [rowStride, colStride] = m.stride;
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) {
      const entry = data[offset + i * rowStride + j * colStride];
      if (entry >= 0 && entry <= max) continue;
      const range = max === Number.POSITIVE_INFINITY ? "at least 0" : `in [0, ${max}]`;
      throw new RangeError(`${caller}: "${name}" must be ${range}, got ${entry} at [${i}, ${j}]`);
    }
  }
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
