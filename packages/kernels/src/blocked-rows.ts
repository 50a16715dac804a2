/** Rows cut into `blocks` of `width` entries, the last one filled up with zeros, which add nothing to a difference. */
export interface BlockedRows {
  readonly rows: Float32Array[];
  readonly blocks: number;
  readonly width: number;
}

const longestBlock = 256;

/** The rows of `x`, `[rows, cols]`, as float32, in blocks of at most 256 entries and of equal width. */
export function blockedRows(x: Float32Array | Float64Array, rows: number, cols: number): BlockedRows {
  const blocks = Math.max(1, Math.ceil(cols / longestBlock));
  const width = Math.max(1, Math.ceil(cols / blocks));
  const cut = Array.from({ length: rows }, (_, i) => {
    const row = new Float32Array(blocks * width);
    row.set(x.subarray(i * cols, (i + 1) * cols));
    return row;
  });
  return { rows: cut, blocks, width };
}
