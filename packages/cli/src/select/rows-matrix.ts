import { type Matrix, matrix } from "@colm/array";
import { inputError } from "../input-error.ts";

/**
 * Features `[n, d]` from rows that are lists of numbers.
 *
 * @param file - How errors call the file, and `name` the column or field.
 * @param lines - The line of each row; without them rows are counted, both from 1.
 * @throws {Error} If a row is no list, is of another length than the first, or holds something that is no finite number: which row, and
 *   which number of it, counted from 0. One line, for the user.
 */
export function rowsMatrix(
  file: string,
  name: string,
  rows: readonly unknown[],
  lines?: readonly number[],
): Matrix {
  const [first] = rows;
  const width = isList(first) ? first.length : 0;
  const data = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    const refuse = (kind: string, got: string): Error =>
      inputError(`"${file}":${lines?.[i] ?? i + 1} must hold ${kind} in "${name}", got ${got}`);
    if (!isList(row)) throw refuse("a list of numbers", JSON.stringify(row));
    if (row.length !== width || width === 0) {
      throw refuse("a list of one length of at least 1", `${row.length}${i > 0 ? ` after ${width}` : ""}`);
    }
    for (let j = 0; j < width; j++) {
      const value = typeof row[j] === "bigint" ? Number(row[j]) : row[j];
      if (typeof value !== "number") throw refuse("numbers", `${JSON.stringify(value)} at ${j}`);
      if (!Number.isFinite(value)) throw refuse("finite numbers", `${value} at ${j}`);
      data[i * width + j] = value;
    }
  }
  return matrix(data, rows.length, width);
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}
