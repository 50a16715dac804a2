import { matrix } from "@colm/array";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { countSketch } from "../src/count-sketch.ts";
import { staticFeatures } from "../src/index.ts";

const options = { dimension: 512, seed: 3 };
const lists = fc.array(fc.array(fc.nat(20), { maxLength: 9 }), { minLength: 1, maxLength: 8 });

/** Scalar product of rows a and b. */
function product({ data, shape }: ReturnType<typeof staticFeatures>, a: number, b: number): number {
  let sum = 0;
  for (let j = 0; j < shape[1]; j++) sum += data[a * shape[1] + j] * data[b * shape[1] + j];
  return sum;
}

describe("staticFeatures", () => {
  it("weighs counts by rarity, by hand", () => {
    // terms: 1 in both examples, 2 twice in the first; enough buckets that they do not meet
    const features = staticFeatures([[1, 2, 2], [1]], options);
    const common = Math.log(3 / 3 + 1);
    const rare = (1 + Math.log(2)) * Math.log(3 / 2 + 1);
    const length = Math.hypot(common, rare);
    const entries = Array.from(features.data.slice(0, 512), Math.abs).filter((x) => x > 0);
    expect(entries.toSorted()).toEqual([common / length, rare / length].map(Math.fround).toSorted());
    expect(product(features, 1, 1)).toBeCloseTo(1, 6);
  });

  it("takes the largest of ids like the smallest, with the projection that vectors have", () => {
    // a table of all coordinates up to these would take 16 GB
    const far = staticFeatures([[2 ** 30 - 1, 7], [2 ** 30 - 1]], options);
    expect(product(far, 1, 1)).toBeCloseTo(1, 6);
    const sketch = countSketch(16, 5);
    const spots = Array.from({ length: 5000 }, (_, j) => sketch.place(j));
    const { data } = sketch.rows(
      matrix(
        Float32Array.from({ length: 5000 }, (_, j) => j),
        1,
        5000,
      ),
    );
    const sums = new Float64Array(16);
    spots.forEach((to, j) => {
      if (to < 0) sums[-1 - to] -= j;
      else sums[to] += j;
    });
    expect(Array.from(data)).toEqual(Array.from(sums));
  });

  it("does not see the order of tokens, but tells prompts from answers by labels", () => {
    const same = staticFeatures(
      [
        [1, 2, 3],
        [3, 1, 2],
      ],
      options,
    );
    expect(product(same, 0, 1)).toBeCloseTo(1, 6);
    const labels = [
      [-100, 2],
      [1, -100],
    ];
    const parted = staticFeatures(
      [
        [1, 2],
        [1, 2],
      ],
      { ...options, labels },
    );
    expect(Math.abs(product(parted, 0, 1))).toBeLessThan(1e-6);
    const answers = staticFeatures(
      [
        [1, 2],
        [9, 2],
      ],
      {
        ...options,
        labels: [
          [-100, 2],
          [-100, 2],
        ],
        part: "answer",
      },
    );
    expect(product(answers, 0, 1)).toBeCloseTo(1, 6);
  });

  it("has rows of length 1 but for collisions, zeros for nothing, and follows its examples", () => {
    fc.assert(
      fc.property(lists, fc.nat(), (tokens, seed) => {
        const features = staticFeatures(tokens, { dimension: 64, seed });
        expect(staticFeatures(tokens, { dimension: 64, seed }).data).toEqual(features.data);
        const back = staticFeatures(tokens.toReversed(), { dimension: 64, seed });
        for (const [i, ids] of tokens.entries()) {
          expect(product(features, i, i) === 0).toBe(ids.length === 0 || product(features, i, i) === 0);
          if (ids.length === 0) expect(product(features, i, i)).toBe(0);
          const mirror = tokens.length - 1 - i;
          // the same terms in the same order within an example
          expect(back.data.slice(mirror * 64, (mirror + 1) * 64)).toEqual(
            features.data.slice(i * 64, (i + 1) * 64),
          );
        }
      }),
    );
  });

  it("walks through an iterable once", () => {
    function* examples() {
      yield Int32Array.of(4, 5);
      yield Int32Array.of(5, 6);
    }
    expect(staticFeatures(examples(), options).data).toEqual(
      staticFeatures(
        [
          [4, 5],
          [5, 6],
        ],
        options,
      ).data,
    );
  });

  it.each([
    [
      () => staticFeatures([[1]], { dimension: 0, seed: 1 }),
      'staticFeatures: "dimension" must be at least 1, got 0',
    ],
    [
      () => staticFeatures([[1], [-2]], options),
      'staticFeatures: "tokens[1]" must be integers in [0, 1073741824), got -2 at 0',
    ],
    [
      () => staticFeatures([[1], [2]], { ...options, labels: [[1]] }),
      'staticFeatures: "labels" must have as many lists as "tokens", got 1',
    ],
    [
      () => staticFeatures([[1]], { ...options, labels: [[1], [1]] }),
      'staticFeatures: "labels" must have as many lists as "tokens", got more than 1',
    ],
    [
      () => staticFeatures([[1, 2]], { ...options, labels: [[1]] }),
      'staticFeatures: "labels[0]" must have 2 entries, got 1',
    ],
    [
      () => staticFeatures([[1]], { ...options, part: "answer" }),
      'staticFeatures: "labels" must be given for the answers alone, got undefined',
    ],
    [
      () => Reflect.apply(staticFeatures, undefined, [[[1]], { ...options, part: "answer", labels: null }]),
      'staticFeatures: "labels" must be lists of numbers, got null',
    ],
    [
      () => Reflect.apply(staticFeatures, undefined, [5, options]),
      'staticFeatures: "tokens" must be lists of numbers, got 5',
    ],
    [
      () => Reflect.apply(staticFeatures, undefined, [[[1]], null]),
      'staticFeatures: "options" must be an object, got null',
    ],
  ])("refuses bad input: %#", (call, message) => {
    expect(call).toThrow(message);
  });
});
