import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { runningCounts, smallSources } from "../src/index.ts";

const streams = fc.array(fc.nat(5), { maxLength: 60 });

describe("runningCounts", () => {
  it("counts what came, whatever the stream was cut into", () => {
    fc.assert(
      fc.property(streams, fc.nat(60), (stream, at) => {
        const counter = runningCounts();
        const whole = counter.observe(counter.init(), stream);
        const first = counter.observe(counter.init(), stream.slice(0, at));
        expect(counter.observe(first, stream.slice(at))).toEqual(whole);
        expect(whole.seen).toBe(stream.length);
        whole.counts.forEach((count, source) => {
          expect(count).toBe(stream.filter((s) => s === source).length);
        });
      }),
    );
  });

  it("halves what is a half-life old: after [0, 0] come two of source 1", () => {
    const counter = runningCounts({ halfLife: 2 });
    const { counts } = counter.observe(counter.init(), [0, 0, 1, 1]);
    const step = 2 ** -0.5;
    // ages 3, 2, 1 and 0
    expect(counts[0]).toBeCloseTo(step ** 3 + 0.5, 12);
    expect(counts[1]).toBeCloseTo(step + 1, 12);
    const cut = counter.observe(counter.observe(counter.init(), [0, 0]), [1, 1]);
    expect(cut.counts[0]).toBeCloseTo(counts[0], 12);
  });

  it("draws the line of smallSources among the sources that were seen", () => {
    const counter = runningCounts();
    const state = counter.observe(counter.init(), [0, 0, 0, 3, 5, 5]);
    expect(counter.small(state)).toEqual([false, false, false, true, false, false]);
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 6 }), (sizes) => {
        const stream = sizes.flatMap((size, source) => new Array<number>(size).fill(source));
        const seen = counter.observe(counter.init(), stream);
        expect(counter.small(seen)).toEqual(smallSources(sizes));
        expect(counter.small(seen, { rule: "median" })).toEqual(smallSources(sizes, { rule: "median" }));
      }),
    );
  });

  it("calls nobody small before it has seen enough, nor in a stream of nothing", () => {
    const counter = runningCounts({ atLeast: 4 });
    const early = counter.observe(counter.init(), [0, 0, 1]);
    expect(counter.small(early)).toEqual([false, false]);
    expect(counter.small(counter.observe(early, [0]))).toEqual([false, true]);
    expect(counter.small(counter.init())).toEqual([]);
  });

  it("does not forget whom it has seen when their count fades away", () => {
    const counter = runningCounts({ halfLife: 10 });
    const first = counter.observe(counter.init(), [0, 1, 1]);
    expect(counter.small(first)).toEqual([true, false]);
    const others = new Array<number>(12_000).fill(1);
    const once = counter.observe(first, others);
    expect(counter.small(once)).toEqual([true, false]);
    // the same in one call, and after a state has been stored
    expect(counter.small(counter.observe(counter.init(), [0, 1, 1, ...others]))).toEqual([true, false]);
    const stored: typeof once = JSON.parse(JSON.stringify(once));
    expect(counter.small(counter.observe(stored, others))).toEqual([true, false]);
    // source 0 was never seen here
    expect(counter.small(counter.observe(counter.init(), [1, 2, 2]))).toEqual([false, true, false]);
  });

  it("takes back every state that it made", () => {
    fc.assert(
      fc.property(
        fc.array(streams, { maxLength: 30 }),
        fc.double({ min: 0.01, max: 1e6, noNaN: true }),
        (calls, halfLife) => {
          const counter = runningCounts({ halfLife });
          counter.small(calls.reduce((state, sources) => counter.observe(state, sources), counter.init()));
        },
      ),
    );
    let state = runningCounts({ halfLife: 1e12 }).init();
    for (let t = 0; t < 20_000; t++) state = runningCounts({ halfLife: 1e12 }).observe(state, [t % 3]);
    expect(state.seen).toBe(20_000);
  });

  it("survives JSON and leaves its state alone", () => {
    const counter = runningCounts({ halfLife: 10 });
    const state = counter.observe(counter.init(), [0, 2, 2]);
    const copy: typeof state = JSON.parse(JSON.stringify(state));
    expect(counter.observe(copy, [1])).toEqual(counter.observe(state, [1]));
    expect(copy).toEqual(state);
  });

  it.each([
    [
      () => runningCounts({ halfLife: 0 }),
      new RangeError('runningCounts: "halfLife" must be above 0 and finite, got 0'),
    ],
    [
      () => runningCounts({ atLeast: 0.5 }),
      new RangeError('runningCounts: "atLeast" must be an integer of at least 0, got 0.5'),
    ],
    [
      () => runningCounts().observe(runningCounts().init(), [0, -1]),
      new RangeError('observe: "sources" must be integers in [0, 65536), got -1 at 1'),
    ],
    [
      // @ts-expect-error no state
      () => runningCounts().small(undefined),
      new TypeError('small: "state" must be what init or observe returned, got undefined'),
    ],
    [
      () => Reflect.apply(runningCounts, undefined, [null]),
      new TypeError('runningCounts: "options" must be an object, got null'),
    ],
    [
      () => Reflect.apply(runningCounts().observe, undefined, [{ seen: 0, counts: ["5"] }, [0]]),
      new TypeError('observe: "state.counts" must hold numbers, got "5" at 0'),
    ],
    [
      () => runningCounts().observe({ seen: 0, counts: [5] }, [0]),
      new RangeError('observe: "state.counts" must sum to the 0 examples seen, got 5'),
    ],
    [
      () => runningCounts({ halfLife: 3 }).small({ seen: 4, counts: [5] }),
      new RangeError('small: "state.counts" must sum to at most the 4 examples seen, got 5'),
    ],
    [
      () => runningCounts().small({ seen: 1, counts: [Number.NaN] }),
      new RangeError('small: "state.counts" must be finite, got NaN at 0'),
    ],
    [
      () => runningCounts().small({ seen: 1, counts: [-1, 2] }),
      new RangeError('small: "state.counts" must be at least 0, got -1 at 0'),
    ],
  ])("refuses bad input: %#", (call, error) => {
    expect(call).toThrow(error);
  });
});
