import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { collate, type Tokens } from "../src/index.ts";

const tokens = (...ids: number[]): Tokens => ({
  inputIds: Int32Array.from(ids),
  labels: Int32Array.from(ids, (id, t) => (t === 0 ? -100 : id)),
});

describe("collate", () => {
  it("pads on the right", () => {
    expect(collate([tokens(5), tokens(6, 7, 8)], { padId: 9 })).toEqual({
      inputIds: Int32Array.of(5, 9, 9, 6, 7, 8),
      attentionMask: Int32Array.of(1, 0, 0, 1, 1, 1),
      labels: Int32Array.of(-100, -100, -100, -100, 7, 8),
      shape: [2, 3],
    });
  });

  it("makes rows as long as asked, rounded up", () => {
    expect(collate([tokens(1, 2, 3)], { multipleOf: 4 }).shape).toEqual([1, 4]);
    expect(collate([tokens(1, 2, 3, 4)], { multipleOf: 4 }).shape).toEqual([1, 4]);
    expect(collate([tokens(1, 2)], { padTo: 5 }).shape).toEqual([1, 5]);
    expect(collate([tokens(1, 2)], { padTo: 5, multipleOf: 4 }).shape).toEqual([1, 8]);
    expect(collate([tokens()], {}).shape).toEqual([1, 0]);
  });

  it("keeps every example where its mask is, and learns nothing of the padding", () => {
    const example = fc.array(fc.integer({ min: 0, max: 99 }), { maxLength: 9 }).map((ids) => tokens(...ids));
    const list = fc.array(example, { minLength: 1, maxLength: 6 });
    fc.assert(
      fc.property(list, fc.integer({ min: 1, max: 5 }), (examples, multipleOf) => {
        const { inputIds, attentionMask, labels, shape } = collate(examples, { multipleOf });
        const [rows, width] = shape;
        expect(rows).toBe(examples.length);
        expect(width % multipleOf).toBe(0);
        for (const [i, one] of examples.entries()) {
          const length = one.inputIds.length;
          const row = (array: Int32Array) => array.subarray(i * width, (i + 1) * width);
          expect(row(inputIds).subarray(0, length)).toEqual(one.inputIds);
          expect(row(labels).subarray(0, length)).toEqual(one.labels);
          expect(row(attentionMask).indexOf(0)).toBe(length === width ? -1 : length);
          expect(
            row(labels)
              .subarray(length)
              .every((label) => label === -100),
          ).toBe(true);
        }
      }),
    );
  });

  it("leaves its input alone and returns fresh arrays", () => {
    const example = tokens(1, 2);
    const before = structuredClone(example);
    const batch = collate([example]);
    batch.inputIds.fill(0);
    expect(example).toEqual(before);
    expect(structuredClone(batch)).toEqual(batch);
  });

  it.each<[string, readonly Tokens[], { padTo?: number; multipleOf?: number; padId?: number }, Error]>([
    ["no examples", [], {}, new RangeError('collate: "examples" must hold at least one, got none')],
    [
      "a length that an example exceeds",
      [tokens(1), tokens(1, 2, 3)],
      { padTo: 2 },
      new RangeError('collate: "padTo" must be at least the longest example, got 2 for 3 tokens at 1'),
    ],
    [
      "multiples of 0",
      [tokens(1)],
      { multipleOf: 0 },
      new RangeError('collate: "multipleOf" must be at least 1, got 0'),
    ],
    [
      "half a length",
      [tokens(1)],
      { padTo: 1.5 },
      new RangeError('collate: "padTo" must be an integer of at least 0, got 1.5'),
    ],
    [
      "a negative token",
      [tokens(1)],
      { padId: -1 },
      new RangeError('collate: "padId" must be an integer in [0, 2147483647], got -1'),
    ],
    [
      "labels of another length",
      [{ inputIds: Int32Array.of(1), labels: Int32Array.of() }],
      {},
      new RangeError('collate: "examples" must have as many labels as ids, got 0 and 1 at 0'),
    ],
  ])("refuses %s", (_, examples, options, error) => {
    expect(() => collate(examples, options)).toThrow(error);
  });

  it("refuses plain arrays", () => {
    // @ts-expect-error plain arrays
    expect(() => collate([{ inputIds: [1], labels: [1] }])).toThrow(
      new TypeError(
        'collate: "examples" must hold Int32Array ids and labels, got an array of 1 and an array of 1 at 0',
      ),
    );
  });
});
