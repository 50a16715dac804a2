import { matrix, normal } from "@colm/array";
import { assign, distances, facilityLocation, maximize, selectMedoids, similarity } from "@colm/submodular";
import { describe, expect, it } from "vitest";
import { strided, untyped } from "./oracle.ts";

const line = matrix(Float32Array.of(0, 1, 2, 10, 11, 12), 6, 1);

describe("selectMedoids", () => {
  it("finds the middles of two clusters", () => {
    // point 2 is nearest to all; then point 4 saves 8 + 9 + 8 of the distances 8, 9, 10 to point 2
    const found = selectMedoids(line, { count: 2, metric: "l1" });
    expect(Array.from(found.indices)).toEqual([2, 4]);
    expect(Array.from(found.gains)).toEqual([6 * 12 - 30, 7 + 9 + 9]);
    expect(Array.from(found.sizes)).toEqual([3, 3]);
  });

  it.each(["l1", "l2", "cosine", "dot"] as const)(
    "is similarity, maximize and assign in one, %s",
    (metric) => {
      const points = matrix(normal(new Float32Array(40 * 6), { seed: 8 }), 40, 6);
      for (const method of ["exact", "lazy"] as const) {
        for (const ties of ["low", "high"] as const) {
          const s = similarity(points, { metric });
          const expected = maximize(facilityLocation(s), { count: 11, method, ties });
          const found = selectMedoids(strided(points), { count: 11, metric, method, ties });
          expect(found.indices).toEqual(expected.indices);
          expect(found.gains).toEqual(expected.gains);
          expect(found.value).toBeCloseTo(expected.value, 3);
          expect(found.sizes).toEqual(assign(s, expected.indices).sizes);
        }
      }
    },
  );

  it("runs once for each group, on that group's points alone", () => {
    const groups = [1, 0, 1, 0, 1, 0];
    const found = selectMedoids(line, { count: 3, metric: "l1", groups, quotas: [2, 1] });
    const of = (items: number[], count: number): number[] => {
      const own = matrix(
        Float32Array.from(items, (i) => line.get(i, 0)),
        items.length,
        1,
      );
      return Array.from(selectMedoids(own, { count, metric: "l1" }).indices, (i) => items[i]);
    };
    expect(Array.from(found.indices)).toEqual([...of([1, 3, 5], 2), ...of([0, 2, 4], 1)]);
    expect(found.sizes.reduce((a, b) => a + b, 0)).toBe(6);
    expect(found.upperBound).toBeGreaterThanOrEqual(found.value);
  });

  it("tells how far it is, over all groups, and ends when told to", () => {
    const told: string[] = [];
    const options = { count: 3, metric: "l1", groups: [1, 0, 1, 0, 1, 0], quotas: [2, 1] } as const;
    selectMedoids(line, { ...options, onProgress: (done, count) => told.push(`${done}/${count}`) });
    expect(told.at(-1)).toBe("3/3");
    const stop = new AbortController();
    const reason = new Error("enough");
    const onProgress = (): void => stop.abort(reason);
    expect(() => selectMedoids(line, { ...options, signal: stop.signal, onProgress })).toThrow(reason);
    expect(() => distances(line, { metric: "l1", signal: stop.signal })).toThrow(reason);
  });

  it("leaves out a group with quota 0, and takes a whole group", () => {
    const found = selectMedoids(line, {
      count: 2,
      metric: "l1",
      groups: [0, 0, 0, 0, 1, 1],
      quotas: [0, 2],
    });
    expect(Array.from(found.indices).sort()).toEqual([4, 5]);
    expect(Array.from(found.sizes)).toEqual([1, 1]);
  });

  it("refuses quotas that do not fit", () => {
    const refuse = (options: object, message: string): void => {
      expect(() => untyped(selectMedoids)(line, { count: 2, metric: "l1", ...options })).toThrow(message);
    };
    const groups = [0, 0, 0, 0, 0, 1];
    refuse({ count: 7 }, 'selectMedoids: "count" must be an integer in [0, 6], got 7');
    refuse({ quotas: [2] }, 'selectMedoids: "groups" must be given with "quotas", got undefined');
    refuse({ groups }, 'selectMedoids: "quotas" must be given with "groups", got undefined');
    refuse({ groups, quotas: [0, 2] }, 'selectMedoids: "quotas[1]" must be an integer in [0, 1], got 2');
    refuse({ groups, quotas: [1, 0] }, 'selectMedoids: "quotas" must sum to "count" 2, got 1');
    refuse({ groups, quotas: [2] }, 'selectMedoids: "groups" must be integers in [0, 1), got 1 at 5');
    refuse({ groups: [0], quotas: [2] }, 'selectMedoids: "groups" must have 6 entries, got 1');
  });
});
