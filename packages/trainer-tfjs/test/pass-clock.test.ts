import { describe, expect, it } from "vitest";
import { passClock } from "../src/pass-clock.ts";

/** A clock that shows these milliseconds, one after the other. */
function shows(...times: number[]): () => number {
  return () => times.shift() ?? Number.NaN;
}

describe("passClock", () => {
  it("gives each stretch to the direction it went", () => {
    const clock = passClock(shows(100, 110, 130, 131, 135));
    clock.turn("backward");
    clock.turn("forward");
    clock.turn("backward");
    expect(clock.times()).toEqual({ forward: 10 + 1, backward: 20 + 4 });
  });

  it("divides what threads did side by side in the ratio of their own times", () => {
    const clock = passClock(shows(0, 8, 10));
    clock.divide({ forward: 3, backward: 9 });
    expect(clock.times()).toEqual({ forward: 2 + 2, backward: 6 });
  });

  it("divides evenly where the threads' clocks did not move", () => {
    const clock = passClock(shows(0, 8, 8));
    clock.divide({ forward: 0, backward: 0 });
    expect(clock.times()).toEqual({ forward: 4, backward: 4 });
  });
});
