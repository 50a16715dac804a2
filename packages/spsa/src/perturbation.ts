import { normal, requireNatural, uniform, wrongKind, wrongValue } from "@colm/array";
import { requireDirections } from "./require-directions.ts";

/** What draws the perturbations `z_k ~ N(0, I_d)`: everything `perturbation` needs to draw any part of any of them again. */
export interface Directions {
  /** `d`, the number of entries of a direction. */
  readonly dimension: number;
  /** Integer in `[0, 2^53)`. */
  readonly seed: number;
  /** The training step the estimate belongs to. Enters the draw when `fresh`. */
  readonly step: number;
  /** Whether each step has directions of its own; absent or false: one set of directions for the whole run. */
  readonly fresh?: boolean;
}

/** The stream of the run's seed whose entry `t` is the seed of the fresh directions of step `t`. */
const STEP_SEEDS = 2 ** 32 - 1;

/**
 * A block of the perturbation `z_k`: entries `start ..` of stream `k` of `normal`, under the run's seed or, if
 * `fresh`, under the step's own.
 *
 * @param directions - Names the draw; only read.
 * @param k - Which direction, an integer in `[0, 2^32)`.
 * @param start - First entry wanted, an integer in `[0, d]`.
 * @param out - Filled with the entries; `start + out.length` is at most d.
 * @returns `out`.
 * @throws {TypeError | RangeError} If an argument is of the wrong kind or outside its range.
 * @remarks The seed of a fresh step is entry `step` of stream `2^32 - 1` of `uniform`, as a 53-bit integer. Nothing is
 *   stored: any block can be drawn alone, in any order, with the same bits.
 * @example
 * const out = perturbation({ dimension: 8, seed: 1, step: 0 }, 0, 2, new Float32Array(3));
 * out[0] === normal(new Float32Array(8), { seed: 1 })[2]; // => true
 */
export function perturbation(
  directions: Directions,
  k: number,
  start: number,
  out: Float32Array,
): Float32Array {
  requireDirections("perturbation", directions);
  const { dimension } = directions;
  requireNatural("perturbation", "k", k, 2 ** 32 - 1);
  requireNatural("perturbation", "start", start, dimension);
  if (!(out instanceof Float32Array)) throw wrongKind("perturbation", "out", "be a Float32Array", out);
  if (start + out.length > dimension) {
    throw wrongValue(
      "perturbation",
      "out",
      `have at most ${dimension - start} entries from ${start} on`,
      out.length,
    );
  }
  return normal(out, { seed: drawSeed(directions), stream: k, start });
}

/**
 * Whether two values name the same perturbations, `z_k = z'_k` for every k.
 *
 * @param a - One.
 * @param b - The other.
 * @returns True when dimension and seed agree and either both are fixed or both are fresh of the same step.
 * @example
 * sameDirections({ dimension: 8, seed: 1, step: 3 }, { dimension: 8, seed: 1, step: 4 }); // => true
 */
export function sameDirections(a: Directions, b: Directions): boolean {
  const { fresh: freshA = false } = a;
  const { fresh: freshB = false } = b;
  if (a.dimension !== b.dimension || a.seed !== b.seed || freshA !== freshB) return false;
  return !freshA || a.step === b.step;
}

/**
 * The seed under which the streams of `normal` are the perturbations, stream k the k-th: for those who draw elsewhere, as on a
 * graphics processor.
 *
 * @param directions - Names the draw; only read.
 * @returns An integer in `[0, 2^53)`: the run's seed or, if `fresh`, the step's own.
 * @throws {TypeError | RangeError} If a field is of the wrong kind or outside its range.
 * @example
 * directionSeed({ dimension: 8, seed: 1, step: 3 }); // => 1
 */
export function directionSeed(directions: Directions): number {
  requireDirections("directionSeed", directions);
  return drawSeed(directions);
}

function drawSeed({ seed, step, fresh = false }: Directions): number {
  if (!fresh) return seed;
  const [share] = uniform(new Float64Array(1), { seed, stream: STEP_SEEDS, start: step });
  return share * 2 ** 53;
}
