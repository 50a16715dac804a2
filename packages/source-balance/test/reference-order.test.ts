import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { referenceOrder } from "../src/reference-order.ts";

describe("referenceOrder", () => {
  it("is stable up to 16 values", () => {
    fc.assert(
      fc.property(fc.array(fc.nat(4), { maxLength: 16 }), (values) => {
        const stable = Array.from(values.keys()).sort((a, b) => values[a] - values[b] || a - b);
        expect(referenceOrder(values)).toEqual(stable);
      }),
    );
  });

  it("sorts any values and names every position once", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { minLength: 17, maxLength: 300 }), (values) => {
        const order = referenceOrder(values);
        expect(order.map((i) => values[i])).toEqual(values.toSorted((a, b) => a - b));
        expect(order.toSorted((a, b) => a - b)).toEqual(Array.from(values.keys()));
      }),
    );
  });

  it("orders one large and 31 equal values as recorded from the reference", () => {
    // the 16 sources that it gave one more example, of 32
    const given = referenceOrder([48, ...new Array<number>(31).fill(0)]).slice(0, 16);
    const expected = [15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 31];
    expect(given.toSorted((a, b) => a - b)).toEqual(expected);
  });
});
