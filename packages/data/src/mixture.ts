import { describe, requireNatural } from "@colm/array";
import { permuted } from "./index-permutation.ts";
import { type Draw, drawsFrom } from "./mixture-order.ts";

/** One part of a mixture: how many items it has, and how often it is drawn relative to the others. */
export interface MixturePart {
  /** At least 1. */
  readonly size: number;
  /** Above 0; only the ratios count. Default `size`: as often as in all parts put together. */
  readonly weight?: number | undefined;
}

/** An item of a mixture: number `index` of `part`. */
export interface MixturePlace {
  readonly part: number;
  readonly index: number;
}

/** An endless order of the items of several parts. */
export interface Mixture {
  /** Positions of an epoch: the sizes of all parts together. */
  readonly length: number;
  /** Each part's share of the positions; they sum to 1. */
  readonly shares: readonly number[];
  /** What stands at a position, a natural number. */
  at(position: number): MixturePlace;
  /** What stands from a position on, without end. */
  from(position: number): Generator<MixturePlace>;
}

/**
 * An order of several parts by weight, `share_i = w_i / Σ w`: what stands at a position is a function of
 * `(seed, position)` alone, and the position counts on through all epochs, `position = epoch · length + step · batch`.
 *
 * Before position `p` part `i` has been drawn `p share_i` times, give or take less than `1 + c share_i` for `c` parts.
 * Every pass over a part draws each of its items once, in a new order.
 *
 * @param parts - Sizes and weights, at least one part.
 * @param options - `seed`: an integer in [0, 2^53).
 * @returns The order. It holds nothing but sizes and shares: no list of items and no shuffled copy.
 * @throws {TypeError | RangeError} If there are no parts, a size is no integer in [1, 2^31), a weight is not above 0 and
 *   finite, or the shares differ by more than 2^40.
 * @remarks Any position costs O(c²) at most, the next ones O(c) each. A part is drawn once in each stretch of `1 / share`
 *   positions, at a random place of it, which varies less than independent draws would. The order inside of a part is a
 *   Feistel network on Philox4x32-10 (Black & Rogaway, "Ciphers with Arbitrary Finite Domains", 2002).
 * @example
 * const order = mixture([{ size: 1000, weight: 3 }, { size: 10, weight: 1 }], { seed: 1 });
 * let small = 0;
 * for (let position = 0; position < 400; position++) if (order.at(position).part === 1) small++;
 * small >= 99 && small <= 101; // => true
 */
export function mixture(parts: readonly MixturePart[], options: { readonly seed: number }): Mixture {
  const { seed } = options;
  if (!Array.isArray(parts) || parts.length === 0) {
    throw new TypeError(`mixture: "parts" must be an array of at least one part, got ${describe(parts)}`);
  }
  requireNatural("mixture", "seed", seed);
  const weights = parts.map((part, i) => weightOf(part, i));
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const shares = weights.map((weight) => weight / total);
  const sizes = parts.map(({ size }) => size);
  const least = shares.findIndex((share) => !(share >= 2 ** -40));
  if (least >= 0) {
    throw new RangeError(
      `mixture: "weight" must be at least 2^-40 of the sum, got ${weights[least]} of ${total} at ${least}`,
    );
  }
  const placeOf = ({ part, draw }: Draw): MixturePlace => {
    const pass = Math.floor(draw / sizes[part]);
    return { part, index: permuted(draw % sizes[part], sizes[part], { seed, stream: part, pass }) };
  };
  return {
    length: sizes.reduce((sum, size) => sum + size, 0),
    shares,
    at(position) {
      requireNatural("mixture.at", "position", position, 2 ** 48);
      for (const draw of drawsFrom(position, shares, seed)) return placeOf(draw);
      throw new RangeError("mixture.at: an endless order ended");
    },
    from(position) {
      requireNatural("mixture.from", "position", position, 2 ** 48);
      return placesFrom(position, shares, seed, placeOf);
    },
  };
}

function* placesFrom(
  position: number,
  shares: readonly number[],
  seed: number,
  placeOf: (draw: Draw) => MixturePlace,
): Generator<MixturePlace> {
  for (const draw of drawsFrom(position, shares, seed)) yield placeOf(draw);
}

function weightOf({ size, weight = size }: MixturePart, part: number): number {
  requireNatural("mixture", "size", size, 2 ** 31 - 1);
  if (size === 0) throw new RangeError(`mixture: "size" must be at least 1, got 0 at ${part}`);
  if (typeof weight !== "number") {
    throw new TypeError(`mixture: "weight" must be a number, got ${describe(weight)} at ${part}`);
  }
  if (weight > 0 && weight < Number.POSITIVE_INFINITY) return weight;
  throw new RangeError(`mixture: "weight" must be above 0 and finite, got ${weight} at ${part}`);
}
