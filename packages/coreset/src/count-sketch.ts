import { type Matrix, matrix, uniform } from "@colm/array";

/** A stream of the seed that no other part of @colm uses. */
const STREAM = 2 ** 32 - 5;

/** Coordinates that are hashed at a time where all up to the largest are wanted. */
const BLOCK = 4096;
/** The same where any may be: few, so that a coordinate alone costs little. */
const SIDE = 64;

/** A seeded linear map of vectors of any length to vectors of `dimension` entries. */
export interface CountSketch {
  readonly dimension: number;
  /** Bucket and sign of a coordinate: `bucket`, or `-1 - bucket` for the sign -1. */
  place(coordinate: number): number;
  /** `[n, dimension]`, float32, of the rows of a finite matrix; fresh. */
  rows(points: Matrix): Matrix;
}

/**
 * `y[h(j)] += s(j) x[j]` with a random bucket `h(j)` and sign `s(j)` for each coordinate: scalar products are kept in the
 * mean, `E <y, y'> = <x, x'>`, with a standard deviation of at most `sqrt(2 / dimension) |x| |x'|`.
 *
 * Charikar, Chen & Farach-Colton (2002); Weinberger et al., "Feature hashing" (2009). Each coordinate is read once, and
 * the hash of coordinate j is a function of `(seed, j)` alone.
 */
export function countSketch(dimension: number, seed: number): CountSketch {
  const draw = (start: number, size: number): Int32Array => {
    const draws = uniform(new Float64Array(size), { seed, stream: STREAM, start });
    return Int32Array.from(draws, (share) => {
      const signed = Math.floor(share * 2 * dimension);
      return signed < dimension ? signed : dimension - 1 - signed;
    });
  };
  // the coordinates of rows from the first on, and those of single ones by blocks
  let places = new Int32Array(0);
  const blocks = new Map<number, Int32Array>();
  const grow = (size: number): void => {
    const begin = places.length;
    const grown = new Int32Array(BLOCK * Math.ceil(size / BLOCK));
    grown.set(places);
    grown.set(draw(begin, grown.length - begin), begin);
    places = grown;
  };
  return {
    dimension,
    place(coordinate) {
      const within = coordinate % SIDE;
      const start = coordinate - within;
      let block = blocks.get(start);
      if (block === undefined) {
        block = draw(start, SIDE);
        blocks.set(start, block);
      }
      return block[within];
    },
    rows({ data, shape, stride, offset }) {
      const [rows, cols] = shape;
      if (cols > places.length) grow(cols);
      const out = new Float32Array(rows * dimension);
      const sums = new Float64Array(dimension);
      for (let i = 0; i < rows; i++) {
        sums.fill(0);
        for (let j = 0, at = offset + i * stride[0]; j < cols; j++, at += stride[1]) {
          const to = places[j];
          if (to < 0) sums[-1 - to] -= data[at];
          else sums[to] += data[at];
        }
        out.set(sums, i * dimension);
      }
      return matrix(out, rows, dimension);
    },
  };
}
