import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { intervalTop } from "../src/interval-top.ts";

/** Offers everything in blocks of 7. */
function offered(keep: number, scores: number[], slacks: number[]): Int32Array {
  const top = intervalTop(keep);
  for (let start = 0; start < scores.length; start += 7) {
    const block = Float32Array.from(scores.slice(start, start + 7));
    top.offer(start, block, Float32Array.from(slacks.slice(start, start + 7)), block.length);
  }
  return top.coordinates();
}

describe("intervalTop", () => {
  it("keeps what may reach the cut, by hand", () => {
    // of two, 5 is safe; 3 +- 1 and 2 +- 1 overlap, 1 and 0 are below what is left of 3
    expect(Array.from(offered(2, [1, 5, 3, 2, 0], [0, 1, 1, 1, 1]))).toEqual([1, 2, 3]);
    expect(Array.from(offered(2, [1, 5, 3, 2, 0], [0, 0, 0, 0, 0]))).toEqual([1, 2]);
  });

  it("keeps equals, and what nothing is known of", () => {
    expect(Array.from(offered(1, [2, 2, 1, Number.NaN, 1], [0, 0, 0, 0, Number.POSITIVE_INFINITY]))).toEqual([
      0, 1, 3, 4,
    ]);
    expect(Array.from(offered(3, [Number.POSITIVE_INFINITY, 1], [0, 0]))).toEqual([0, 1]);
  });

  it("leaves out nothing that some scores within their slack would keep, and nothing else in", () => {
    const entries = fc.array(fc.record({ score: fc.nat(40), slack: fc.nat(6), at: fc.nat(2) }), {
      minLength: 1,
      maxLength: 60,
    });
    fc.assert(
      fc.property(entries, fc.integer({ min: 1, max: 12 }), (list, keep) => {
        const kept = offered(
          keep,
          list.map(({ score }) => score),
          list.map(({ slack }) => slack),
        );
        const lower = list.map(({ score, slack }) => score - slack).sort((a, b) => b - a);
        const bar = lower[keep - 1] ?? Number.NEGATIVE_INFINITY;
        const expected = list.flatMap(({ score, slack }, j) => (score + slack >= bar ? [j] : []));
        expect(Array.from(kept)).toEqual(expected);
        // one way the scores may really be
        const real = list.map(({ score, slack, at }) => score + (at - 1) * slack);
        const largest = Array.from(real.keys()).sort((a, b) => real[b] - real[a] || a - b);
        for (const j of largest.slice(0, keep)) expect(kept).toContain(j);
      }),
    );
  });

  it("grows where slack keeps everything in", () => {
    const many = Array.from({ length: 9000 }, (_, j) => j % 10);
    expect(offered(2, many, new Array(9000).fill(100)).length).toBe(9000);
    expect(offered(900, many, new Array(9000).fill(0)).length).toBe(900);
  });
});
