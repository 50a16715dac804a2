import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { trimKept } from "../src/index.ts";

describe("trimKept", () => {
  const sources = [4, 4, 4, 4, 7, 7];

  it("keeps the first, by default", () => {
    expect(trimKept(sources, 3)).toEqual(Int32Array.of(0, 1, 2));
  });

  it("keeps every source's part, the first of each", () => {
    expect(trimKept(sources, 3, { overflow: "proportional" })).toEqual(Int32Array.of(0, 1, 4));
  });

  it("draws by seed, and draws differently by another", () => {
    const draws = [1, 2, 3, 4, 5].map((seed) => trimKept(sources, 3, { overflow: "random", seed }).join());
    expect(new Set(draws).size).toBeGreaterThan(1);
    expect(trimKept(sources, 3, { overflow: "random", seed: 2 }).join()).toBe(draws[1]);
  });

  it("returns ascending positions, as many as fit, all of them when they fit", () => {
    fc.assert(
      fc.property(
        fc.array(fc.nat(5), { maxLength: 30 }),
        fc.nat(40),
        fc.constantFrom("truncate" as const, "random" as const, "proportional" as const),
        (held, budget, overflow) => {
          const stay = trimKept(held, budget, { overflow, seed: 9 });
          expect(stay.length).toBe(Math.min(held.length, budget));
          expect(Array.from(new Set(stay)).toSorted((a, b) => a - b)).toEqual(Array.from(stay));
          for (const position of stay) expect(position).toBeLessThan(held.length);
        },
      ),
    );
  });

  it.each([
    [
      () => trimKept([0, -1], 1),
      new RangeError('trimKept: "sources" must be integers in [0, 9007199254740991), got -1 at 1'),
    ],
    [
      () => trimKept([0], 0.5),
      new RangeError('trimKept: "budget" must be an integer of at least 0, got 0.5'),
    ],
    [
      () => trimKept([0], 1, { overflow: "random" }),
      new TypeError('trimKept: "seed" must be a number, got undefined'),
    ],
    [
      // @ts-expect-error an unknown rule
      () => trimKept([0], 1, { overflow: "drop" }),
      new RangeError('trimKept: "overflow" must be "truncate", "random" or "proportional", got "drop"'),
    ],
    [
      () => Reflect.apply(trimKept, undefined, [[1], 1, null]),
      new TypeError('trimKept: "options" must be an object, got null'),
    ],
  ])("refuses bad input: %#", (call, error) => {
    expect(call).toThrow(error);
  });
});
