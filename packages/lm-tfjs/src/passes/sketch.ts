import { describe, philox, requireNatural } from "@colm/array";

/** A random projection to few numbers that keeps lengths and angles. */
export interface SketchOptions {
  /** Numbers of a sketch, an integer of at least 4. */
  readonly size: number;
  /** Integer in [0, 2^53). Sketches can be compared where size and seed are the same. */
  readonly seed: number;
}

const WORD = 2 ** 32;
/** Sets these draws apart from all others of the same seed. */
const PURPOSE = 2 ** 30;
/** Entries of each column of the projection that are not 0. */
const NONZEROS = 4;

/** Columns `start .. start + count - 1` of a projection, ready to be applied. */
export interface SketchColumns {
  /** Adds the projection of `values`, entries `start ..` of a vector, to the `size` numbers at `offset` of `out`. */
  addTo(out: Float64Array, offset: number, values: Float32Array): void;
}

/** Checks sketch options. */
export function requireSketch(caller: string, { size, seed }: SketchOptions): void {
  if (!(Number.isInteger(size) && size >= NONZEROS)) {
    throw new RangeError(
      `${caller}: "sketch.size" must be an integer of at least ${NONZEROS}, got ${describe(size)}`,
    );
  }
  requireNatural(caller, "sketch.seed", seed);
}

/**
 * Some columns of a sparse random projection `S` `[size, d]`: four entries `+-1/2` in each, one in each quarter of the rows, so that
 * `E <S x, S y> = <x, y>` and `Var |S x|^2 <= 2 |x|^4 / size` (to the rounding of the quarters).
 *
 * @remarks Kane & Nelson, "Sparser Johnson-Lindenstrauss Transforms" (2014), the block construction with s = 4. Column j is one block of
 *   Philox4x32-10 at counter j, drawn once for all vectors.
 */
export function sketchColumns({ size, seed }: SketchOptions, start: number, count: number): SketchColumns {
  const rows = new Int32Array(NONZEROS * count);
  const signs = new Float64Array(NONZEROS * count);
  const words = new Uint32Array(4);
  for (let j = 0; j < count; j++) {
    const column = start + j;
    words[0] = column;
    words[1] = Math.floor(column / WORD);
    words[2] = 0;
    words[3] = 0;
    philox(words, seed >>> 0, Math.floor(seed / WORD) + PURPOSE);
    for (let k = 0; k < NONZEROS; k++) {
      const first = Math.floor((k * size) / NONZEROS);
      const end = Math.floor(((k + 1) * size) / NONZEROS);
      rows[NONZEROS * j + k] = first + Math.floor(((words[k] >>> 1) / 2 ** 31) * (end - first));
      signs[NONZEROS * j + k] = words[k] & 1 ? 0.5 : -0.5;
    }
  }
  return {
    addTo(out, offset, values) {
      for (let j = 0; j < count; j++) {
        const value = values[j];
        const at = NONZEROS * j;
        out[offset + rows[at]] += signs[at] * value;
        out[offset + rows[at + 1]] += signs[at + 1] * value;
        out[offset + rows[at + 2]] += signs[at + 2] * value;
        out[offset + rows[at + 3]] += signs[at + 3] * value;
      }
    },
  };
}
