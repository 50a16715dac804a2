import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { inOrder } from "../../src/workers/in-order.ts";

/** Work that ends when it is told to. */
function heldWork(): {
  work: (hand: number, k: number) => Promise<number>;
  begun: number[];
  finish(k: number): void;
  fail(k: number, error: Error): void;
} {
  const begun: number[] = [];
  const settle = new Map<number, { resolve: (k: number) => void; reject: (error: Error) => void }>();
  return {
    work: (_, k) => {
      begun.push(k);
      return new Promise((resolve, reject) => settle.set(k, { resolve, reject }));
    },
    begun,
    finish: (k) => settle.get(k)?.resolve(10 * k),
    fail: (k, error) => settle.get(k)?.reject(error),
  };
}

const soon = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 0));

describe("inOrder", () => {
  it("begins a piece for each hand, and takes results in the order of the pieces", async () => {
    const { work, begun, finish } = heldWork();
    const taken: [number, number][] = [];
    const done = inOrder([1, 2], 3, work, (result, k) => taken.push([k, result]));
    expect(begun).toEqual([0, 1]);
    finish(1);
    await soon();
    expect(begun).toEqual([0, 1, 2]);
    expect(taken).toEqual([]);
    finish(0);
    await soon();
    expect(taken).toEqual([
      [0, 0],
      [1, 10],
    ]);
    finish(2);
    await done;
    expect(taken.map(([k]) => k)).toEqual([0, 1, 2]);
  });

  it("waits for a slow piece rather than hold more than two results a hand", async () => {
    const { work, begun, finish } = heldWork();
    const done = inOrder([1, 2], 9, work, () => undefined);
    for (let k = 1; k <= 3; k++) {
      finish(k);
      await soon();
    }
    expect(begun).toEqual([0, 1, 2, 3]);
    finish(0);
    await soon();
    expect(begun).toEqual([0, 1, 2, 3, 4, 5]);
    for (let k = 4; k < 9; k++) {
      finish(k);
      await soon();
    }
    await done;
  });

  it("takes every piece once and in order, whoever is fast", async () => {
    const plan = fc.record({
      hands: fc.integer({ min: 1, max: 5 }),
      delays: fc.array(fc.integer({ min: 0, max: 3 }), { maxLength: 12 }),
    });
    await fc.assert(
      fc.asyncProperty(plan, async ({ hands, delays }) => {
        const taken: number[] = [];
        let busy = 0;
        let most = 0;
        const work = async (_: number, k: number): Promise<number> => {
          most = Math.max(most, ++busy);
          for (let turn = 0; turn < delays[k]; turn++) await Promise.resolve();
          busy--;
          return k;
        };
        await inOrder([...Array(hands).keys()], delays.length, work, (k) => taken.push(k));
        expect(taken).toEqual([...delays.keys()]);
        expect(most).toBeLessThanOrEqual(hands);
      }),
    );
  });

  it("rejects with the first failure and begins nothing after it", async () => {
    const { work, begun, finish, fail } = heldWork();
    const done = inOrder([1, 2], 8, work, () => undefined);
    fail(1, new Error("no"));
    await expect(done).rejects.toThrow("no");
    finish(0);
    await soon();
    expect(begun).toEqual([0, 1]);
  });

  it("rejects with what taking a result throws", async () => {
    const { work, begun, finish } = heldWork();
    const done = inOrder([1], 3, work, () => {
      throw new Error("full");
    });
    finish(0);
    await expect(done).rejects.toThrow("full");
    expect(begun).toEqual([0]);
  });

  it("takes nothing more once it is aborted, not even what has come", async () => {
    const { work, finish } = heldWork();
    const controller = new AbortController();
    const taken: number[] = [];
    const done = inOrder(
      [1, 2],
      4,
      work,
      (_, k) => {
        taken.push(k);
        controller.abort(new Error("enough"));
      },
      controller.signal,
    );
    finish(1);
    await soon();
    finish(0);
    await expect(done).rejects.toThrow("enough");
    expect(taken).toEqual([0]);
  });

  it("rejects at once when it is aborted, before and on the way", async () => {
    const { work, begun, finish } = heldWork();
    const aborted = AbortSignal.abort(new Error("never"));
    await expect(inOrder([1], 3, work, () => undefined, aborted)).rejects.toThrow("never");
    expect(begun).toEqual([]);
    const controller = new AbortController();
    const done = inOrder([1], 3, work, () => undefined, controller.signal);
    controller.abort(new Error("enough"));
    await expect(done).rejects.toThrow("enough");
    finish(0);
    await soon();
    expect(begun).toEqual([0]);
  });
});
