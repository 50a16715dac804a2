export { isMatrix, type Matrix, matrix, requireMatrix } from "./matrix.ts";
export { normal } from "./normal.ts";
