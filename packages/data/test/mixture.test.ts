import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type MixturePart, type MixturePlace, mixture } from "../src/index.ts";

const some = (places: Iterable<MixturePlace>, count: number): MixturePlace[] => {
  const list: MixturePlace[] = [];
  for (const place of places) {
    list.push(place);
    if (list.length === count) break;
  }
  return list;
};

const parts = fc.array(
  fc.record({
    size: fc.integer({ min: 1, max: 40 }),
    weight: fc.double({ min: 0.01, max: 10, noNaN: true }),
  }),
  { minLength: 1, maxLength: 6 },
);
const seeds = fc.nat({ max: 1000 });

describe("mixture", () => {
  it("normalises weights, which are the sizes where none are given", () => {
    const order = mixture([{ size: 30 }, { size: 10 }], { seed: 1 });
    expect(order.shares).toEqual([0.75, 0.25]);
    expect(order.length).toBe(40);
    expect(
      mixture(
        [
          { size: 1, weight: 3 },
          { size: 9, weight: 1 },
        ],
        { seed: 1 },
      ).shares,
    ).toEqual([0.75, 0.25]);
  });

  it("draws every part as often as its share says, at every position", () => {
    fc.assert(
      fc.property(parts, seeds, (list, seed) => {
        const order = mixture(list, { seed });
        const drawn = list.map(() => 0);
        for (const [position, { part }] of some(order.from(0), 300).entries()) {
          for (const [i, count] of drawn.entries()) {
            expect(Math.abs(count - position * order.shares[i])).toBeLessThan(
              1 + list.length * order.shares[i],
            );
          }
          drawn[part]++;
        }
      }),
    );
  });

  it("draws every item of a part once in each pass, in another order each time", () => {
    fc.assert(
      fc.property(parts, seeds, (list, seed) => {
        const items = list.map((): number[] => []);
        for (const { part, index } of some(mixture(list, { seed }).from(0), 300)) items[part].push(index);
        for (const [part, { size }] of list.entries()) {
          for (let pass = 0; (pass + 1) * size <= items[part].length; pass++) {
            const once = items[part].slice(pass * size, (pass + 1) * size);
            expect(once.toSorted((a, b) => a - b)).toEqual(Array.from({ length: size }, (_, i) => i));
          }
        }
      }),
    );
    const passes = some(mixture([{ size: 20 }], { seed: 1 }).from(0), 40).map(({ index }) => index);
    expect(passes.slice(20)).not.toEqual(passes.slice(0, 20));
  });

  it("finds any position alone, as if it had been walked to", () => {
    fc.assert(
      fc.property(parts, seeds, fc.nat({ max: 400 }), (list, seed, start) => {
        const order = mixture(list, { seed });
        const walked = some(order.from(0), start + 5).slice(start);
        expect(some(order.from(start), 5)).toEqual(walked);
        expect(order.at(start)).toEqual(walked[0]);
      }),
    );
  });

  it("finds a position far away at once, in step with its neighbours", () => {
    const order = mixture(
      [
        { size: 2 ** 31 - 1, weight: 2 },
        { size: 7, weight: 1 },
      ],
      { seed: 1 },
    );
    const far = 2 ** 44;
    const places = some(order.from(far), 30);
    expect(places.map((_, i) => order.at(far + i))).toEqual(places);
    const small = places.filter(({ part }) => part === 1).length;
    expect(small).toBeGreaterThanOrEqual(8);
    expect(small).toBeLessThanOrEqual(12);
  });

  it("depends on the seed", () => {
    const draws = (seed: number) => some(mixture([{ size: 50 }, { size: 50 }], { seed }).from(0), 40);
    expect(draws(1)).toEqual(draws(1));
    expect(draws(2)).not.toEqual(draws(1));
  });

  it.each<[string, readonly MixturePart[], Error]>([
    [
      "no parts",
      [],
      new TypeError('mixture: "parts" must be an array of at least one part, got an array of 0'),
    ],
    ["an empty part", [{ size: 0 }], new RangeError('mixture: "size" must be at least 1, got 0 at 0')],
    [
      "half a size",
      [{ size: 0.5 }],
      new RangeError('mixture: "size" must be an integer in [0, 2147483647], got 0.5'),
    ],
    [
      "a weight of 0",
      [{ size: 1 }, { size: 1, weight: 0 }],
      new RangeError('mixture: "weight" must be above 0 and finite, got 0 at 1'),
    ],
    [
      "NaN",
      [{ size: 1, weight: Number.NaN }],
      new RangeError('mixture: "weight" must be above 0 and finite, got NaN at 0'),
    ],
    [
      "a weight that never comes",
      [
        { size: 1, weight: 1 },
        { size: 1, weight: 1e-20 },
      ],
      new RangeError('mixture: "weight" must be at least 2^-40 of the sum, got 1e-20 of 1 at 1'),
    ],
  ])("refuses %s", (_, list, error) => {
    expect(() => mixture(list, { seed: 1 })).toThrow(error);
  });
});
