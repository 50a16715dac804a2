import { describe, expect, it } from "vitest";
import { parseStart } from "../options.ts";

describe("parseStart", () => {
  it("has defaults, and fewer steps when it is to be quick", () => {
    expect(parseStart([])).toMatchObject({ quick: false, seed: 1, name: "start" });
    expect(parseStart(["--quick"]).steps).toBeLessThan(parseStart([]).steps);
    expect(parseStart(["--quick", "--steps", "3"]).steps).toBe(3);
  });

  it.each([
    [["--steps", "0"], 'start: --steps must be an integer of at least 1, got "0"'],
    [["--steps", ""], 'start: --steps must be an integer of at least 1, got ""'],
    [["--seed", "1.5"], 'start: --seed must be an integer of at least 0, got "1.5"'],
    [["--learning-rate", "fast"], 'start: --learning-rate must be a number above 0, got "fast"'],
    [["--name", "../up"], 'start: --name must be letters, digits, ".", "_" and "-", got "../up"'],
  ])("refuses %j", (argv, message) => {
    expect(() => parseStart(argv)).toThrow(new RangeError(message));
  });

  it("refuses an option that does not exist", () => {
    expect(() => parseStart(["--fast"])).toThrow("Unknown option '--fast'");
  });
});
