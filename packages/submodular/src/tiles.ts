/** Rows of points, read from the input once. */
export interface Points {
  readonly x: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/** A block of sums: entry `(r, c)` stands at `values[r * width + c]`. Valid until the next block is computed. */
export interface Tile {
  readonly values: Float64Array;
  readonly width: number;
}

/** Computes the sums of rows `[first, last)` with rows `[from, rows)`; `first` and `from` are multiples of 4. */
export type Tiles = (first: number, last: number, from: number) => Tile;

/** At most this many rows are asked for at a time. */
export const TILE_ROWS = 16;
