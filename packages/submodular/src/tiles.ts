/** Rows of points, read from the input once. */
export interface Points {
  readonly x: Float32Array;
  readonly rows: number;
  readonly cols: number;
}

/**
 * A block of distances or products: entry `(r, c)` stands at `values[r * width + c]`. Valid until the next block is
 * computed.
 */
export interface Tile {
  readonly values: Float32Array;
  readonly width: number;
  /** The largest entry, at least 0; NaN where one left the range of float32. */
  readonly top: number;
}

/** Compares rows `[first, last)` with rows `[from, rows)`; `first` and `from` are multiples of 4. */
export type Tiles = (first: number, last: number, from: number) => Tile;

/** At most this many rows are asked for at a time. */
export const TILE_ROWS = 16;
