const longestBlock = 256;

/** Columns of a table that every back end can hold: textures of WebGL 2 are often no wider. */
export const MOST_COLUMNS = 8192;

/** A sum of `length` terms cut into `blocks` of equal width, at most 256; their product may exceed `length`. */
export function sumBlocks(length: number): { readonly blocks: number; readonly width: number } {
  const blocks = Math.max(1, Math.ceil(length / longestBlock));
  return { blocks, width: Math.max(1, Math.ceil(length / blocks)) };
}

/** The rows of `x`, `[rows, cols]`, as float32, each filled up with zeros to `length`. */
export function paddedRows(
  x: Float32Array | Float64Array,
  rows: number,
  cols: number,
  length: number,
): Float32Array[] {
  return Array.from({ length: rows }, (_, i) => {
    const row = new Float32Array(length);
    row.set(x.subarray(i * cols, (i + 1) * cols));
    return row;
  });
}
