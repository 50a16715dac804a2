import { type Matrix, matrix, requireMatrix } from "@colm/array";
import { inputError } from "../input-error.ts";

/**
 * Features `[n, d]` from rows that are lists of numbers.
 *
 * @param file - How errors call the file, and `name` the column or field.
 * @throws {Error} If a row is no list, is of another length than the first, or holds something that is no finite number. One line,
 *   for the user.
 */
export function rowsMatrix(file: string, name: string, rows: readonly unknown[]): Matrix {
  const [first] = rows;
  const width = isList(first) ? first.length : 0;
  const data = new Float64Array(rows.length * width);
  for (const [i, row] of rows.entries()) {
    if (!isList(row)) {
      throw inputError(
        `"${file}" must hold lists of numbers in "${name}", got ${JSON.stringify(row)} at ${i}`,
      );
    }
    if (row.length !== width || width === 0) {
      throw inputError(
        `"${file}" must hold lists of one length of at least 1 in "${name}", got ${row.length} at ${i}${i > 0 ? ` after ${width}` : ""}`,
      );
    }
    for (let j = 0; j < width; j++) {
      const value = typeof row[j] === "bigint" ? Number(row[j]) : row[j];
      if (typeof value !== "number") {
        throw inputError(
          `"${file}" must hold numbers in "${name}", got ${JSON.stringify(value)} at ${i}, ${j}`,
        );
      }
      data[i * width + j] = value;
    }
  }
  const features = matrix(data, rows.length, width);
  requireMatrix("select", "features", features);
  return features;
}

function isList(value: unknown): value is ArrayLike<unknown> {
  return Array.isArray(value) || (ArrayBuffer.isView(value) && "length" in value);
}
