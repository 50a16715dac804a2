import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { normal, permutation, philox, uniform } from "../src/index.ts";

const seeds = fc.integer({ min: 0, max: Number.MAX_SAFE_INTEGER });
const hex = (words: Uint32Array) => Array.from(words, (word) => word.toString(16).padStart(8, "0")).join(" ");

describe("positions of draws", () => {
  it("end where float64 no longer tells them apart", () => {
    const start = 2 ** 53 - 3;
    expect(new Set(uniform(new Float64Array(2), { seed: 1, start })).size).toBe(2);
    expect(() => uniform(new Float64Array(3), { seed: 1, start })).toThrow(
      `uniform: "start" must be at most ${2 ** 53 - 4}, got ${start}`,
    );
    expect(() => normal(new Float32Array(3), { seed: 1, start })).toThrow('normal: "start" must be');
  });
});

describe("philox", () => {
  // Random123 1.14, kat_vectors: philox4x32 10
  it.each([
    [[0, 0, 0, 0], [0, 0], "6627e8d5 e169c58d bc57ac4c 9b00dbd8"],
    [
      [0xffffffff, 0xffffffff, 0xffffffff, 0xffffffff],
      [0xffffffff, 0xffffffff],
      "408f276d 41c83b0e a20bc7c6 6d5451fd",
    ],
    [
      [0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344],
      [0xa4093822, 0x299f31d0],
      "d16cfe09 94fdcceb 5001e420 24126ea1",
    ],
  ])("reproduces the published vector of counter %j", (counter, [key0, key1], expected) => {
    const words = Uint32Array.from(counter);
    philox(words, key0, key1);
    expect(hex(words)).toBe(expected);
  });

  it("equals the definition in 64-bit integers on random counters and keys", () => {
    const word = fc.integer({ min: 0, max: 0xffffffff });
    fc.assert(
      fc.property(fc.tuple(word, word, word, word), fc.tuple(word, word), (counter, [key0, key1]) => {
        const words = Uint32Array.from(counter);
        philox(words, key0, key1);
        expect(Array.from(words)).toEqual(philoxByDefinition(counter, key0, key1));
      }),
    );
  });
});

function philoxByDefinition(counter: number[], key0: number, key1: number): number[] {
  let [a, b, c, d] = counter.map(BigInt);
  let [k0, k1] = [BigInt(key0), BigInt(key1)];
  const word = 0xffffffffn;
  for (let round = 0; round < 10; round++) {
    const first = 0xd2511f53n * a;
    const second = 0xcd9e8d57n * c;
    [a, b, c, d] = [(second >> 32n) ^ b ^ k0, second & word, (first >> 32n) ^ d ^ k1, first & word];
    k0 = (k0 + 0x9e3779b9n) & word;
    k1 = (k1 + 0xbb67ae85n) & word;
  }
  return [a, b, c, d].map(Number);
}

describe("normal", () => {
  it("is the Box-Muller transform of the words of Philox", () => {
    const words = Uint32Array.of(2, 0, 9, 0);
    philox(words, 5, 0);
    const radius = Math.sqrt(-2 * Math.log((words[2] + 1) / 2 ** 32));
    // the angle is measured from an eighth of a turn, which leaves its distribution alone
    const angle = 2 * Math.PI * (words[3] / 2 ** 32 - 1 / 8);
    const [x, y] = normal(new Float32Array(2), { seed: 5, stream: 9, start: 10 });
    expect(x).toBeCloseTo(radius * Math.cos(angle), 6);
    expect(y).toBeCloseTo(radius * Math.sin(angle), 6);
  });

  it("draws any block alone as it stands in the whole", () => {
    const whole = normal(new Float32Array(64), { seed: 11, stream: 3 });
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 63 }), fc.integer({ min: 0, max: 64 }), (start, length) => {
        const size = Math.min(length, 64 - start);
        const part = normal(new Float32Array(size), { seed: 11, stream: 3, start });
        expect(part).toEqual(whole.slice(start, start + size));
      }),
    );
  });

  it("keeps its bits: a change of these values breaks every saved run", () => {
    const bits = new Uint32Array(normal(new Float32Array(4), { seed: 2024, stream: 1 }).buffer);
    expect(hex(bits)).toMatchInlineSnapshot(`"bfc721e2 bd81edf5 3f980ada 3edfd6b0"`);
  });

  it("has the moments of N(0, 1) and independent streams", () => {
    const n = 200_000;
    const a = normal(new Float32Array(n), { seed: 1 });
    const b = normal(new Float32Array(n), { seed: 1, stream: 1 });
    let [mean, variance, fourth, product] = [0, 0, 0, 0];
    for (let i = 0; i < n; i++) {
      mean += a[i] / n;
      variance += a[i] ** 2 / n;
      fourth += a[i] ** 4 / n;
      product += (a[i] * b[i]) / n;
    }
    // five standard errors: 1, sqrt 2, sqrt 96 and 1 over sqrt n
    const error = 5 / Math.sqrt(n);
    expect(Math.abs(mean)).toBeLessThan(error);
    expect(Math.abs(variance - 1)).toBeLessThan(error * Math.SQRT2);
    expect(Math.abs(fourth - 3)).toBeLessThan(error * Math.sqrt(96));
    expect(Math.abs(product)).toBeLessThan(error);
  });

  it("follows the normal distribution function within the Kolmogorov-Smirnov bound", () => {
    const n = 50_000;
    const sorted = normal(new Float32Array(n), { seed: 77 }).sort();
    let largest = 0;
    for (let i = 0; i < n; i++) largest = Math.max(largest, Math.abs(cumulative(sorted[i]) - (i + 0.5) / n));
    expect(largest).toBeLessThan(1.95 / Math.sqrt(n)); // p = 0.001
  });

  it("takes positions beyond 2^34, where the block number passes one word", () => {
    const far = normal(new Float32Array(4), { seed: 1, start: 2 ** 34 });
    expect(far).not.toEqual(normal(new Float32Array(4), { seed: 1 }));
  });

  it.each([
    [{ seed: -1 }, 'normal: "seed" must be an integer of at least 0, got -1'],
    [{ seed: 0.5 }, 'normal: "seed" must be an integer of at least 0, got 0.5'],
    [{ seed: 1, stream: 2 ** 32 }, 'normal: "stream" must be an integer in [0, 4294967295], got 4294967296'],
    [{ seed: 1, start: -4 }, 'normal: "start" must be an integer of at least 0, got -4'],
  ])("refuses %j", (options, message) => {
    expect(() => normal(new Float32Array(1), options)).toThrow(new RangeError(message));
  });

  it("refuses an output of another kind", () => {
    const call = () => Reflect.apply(normal, undefined, [new Float64Array(1), { seed: 1 }]);
    expect(call).toThrow(new TypeError('normal: "out" must be a Float32Array, got a Float64Array of 1'));
  });
});

/** Phi(x) by Simpson's rule from 0, far finer than the test needs. */
function cumulative(x: number): number {
  const steps = 64;
  const h = x / steps;
  let sum = 0;
  for (let i = 0; i <= steps; i++) {
    const weight = i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2;
    sum += weight * Math.exp(-((i * h) ** 2) / 2);
  }
  return 0.5 + (sum * h) / 3 / Math.sqrt(2 * Math.PI);
}

describe("uniform", () => {
  it("draws any block alone as it stands in the whole, within [0, 1)", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 20 }), (seed, start) => {
        const whole = uniform(new Float64Array(24), { seed });
        expect(uniform(new Float64Array(4), { seed, start })).toEqual(whole.slice(start, start + 4));
        for (const u of whole) expect(u >= 0 && u < 1).toBe(true);
      }),
    );
  });

  it("fills ten cells evenly by the chi-square test", () => {
    const cells = new Float64Array(10);
    for (const u of uniform(new Float64Array(10_000), { seed: 3 })) cells[Math.floor(u * 10)]++;
    const statistic = cells.reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(statistic).toBeLessThan(27.9); // 9 degrees of freedom, p = 0.001
  });
});

describe("permutation", () => {
  it("holds every index once, and the same ones for the same seed", () => {
    fc.assert(
      fc.property(seeds, fc.integer({ min: 0, max: 50 }), (seed, size) => {
        const order = permutation(size, { seed });
        expect(order.toSorted()).toEqual(Int32Array.from({ length: size }, (_, i) => i));
        expect(permutation(size, { seed })).toEqual(order);
      }),
    );
  });

  it("makes the six orders of three items equally often", () => {
    const counts = new Map<string, number>();
    for (let seed = 0; seed < 6000; seed++) {
      const order = permutation(3, { seed }).join("");
      counts.set(order, (counts.get(order) ?? 0) + 1);
    }
    expect(counts.size).toBe(6);
    const statistic = [...counts.values()].reduce((sum, count) => sum + (count - 1000) ** 2 / 1000, 0);
    expect(statistic).toBeLessThan(20.5); // 5 degrees of freedom, p = 0.001
  });

  it("refuses a size that is no natural number", () => {
    expect(() => permutation(-1, { seed: 1 })).toThrow(
      new RangeError('permutation: "size" must be an integer in [0, 2147483647], got -1'),
    );
  });
});
