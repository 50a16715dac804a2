import type { Matrix } from "./matrix.ts";
import { requireMatrix } from "./require-matrix.ts";
import { wrongValue } from "./wrong-argument.ts";

/** A checked matrix of any strides, entry by entry. */
export interface Entries {
  readonly rows: number;
  readonly cols: number;
  at(i: number, j: number): number;
}

/** What the entries of a matrix have to be besides finite. */
export interface EntryLimits {
  /** As many rows as columns; false by default. */
  readonly square?: boolean;
  /** The smallest entry, 0 by default. */
  readonly min?: number;
  /** The largest entry; without a limit by default. */
  readonly max?: number;
}

/**
 * Requires a matrix with every entry within limits, and reads it entry by entry.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param m - The argument: any strides and offset. Kept, never copied.
 * @param limits - `square`, false by default; `min`, 0 by default; `max`, no limit by default.
 * @returns Its size, and a reader that checks nothing.
 * @throws {TypeError} If `m` is no matrix.
 * @throws {RangeError} If it is not square where it has to be, or at the first entry outside the limits.
 * @remarks Takes O(rows * cols).
 * @example
 * const { cols, at } = readEntries("f", "similarity", matrix(Float32Array.of(1, 2, 3, 4), 2, 2), { square: true });
 * at(1, 0) + cols; // => 5
 */
export function readEntries(
  caller: string,
  name: string,
  m: Matrix,
  { square = false, min = 0, max = Number.POSITIVE_INFINITY }: EntryLimits = {},
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
      throw wrongValue(caller, name, `be ${range}`, entry, `[${i}, ${j}]`);
    }
  }
  return { rows, cols, at };
}

/**
 * Requires as many rows as columns.
 *
 * @param caller - Name of the public function that checks its argument.
 * @param name - Name of the argument.
 * @param m - The argument, a matrix.
 * @throws {RangeError} If the numbers differ.
 * @example
 * requireSquare("f", "similarity", matrix(new Float32Array(4), 2, 2));
 */
export function requireSquare(caller: string, name: string, m: Matrix): void {
  const [rows, cols] = m.shape;
  if (rows !== cols) throw wrongValue(caller, name, "be square", `${rows} x ${cols}`);
}
