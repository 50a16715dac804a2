import { describe, expect, it } from "vitest";
import { errorLine, inputError, isInputError } from "../src/input-error.ts";
import { optionHelp, parseOptions } from "../src/option-table.ts";

const table = {
  size: { value: "N", help: "how many" },
  "max-steps": { value: "N", help: "updates" },
  name: { value: "A,B", help: "names" },
  loud: { help: "say more" },
};

describe("parseOptions", () => {
  it("reads texts, numbers, lists, choices and flags", () => {
    const options = parseOptions(["--size", "1e3", "--name=a, b,", "--loud"], table);
    expect(options.number("size")).toBe(1000);
    expect(options.list("name")).toEqual(["a", "b"]);
    expect(options.flag("loud")).toBe(true);
    expect(options.number("max-steps")).toBeUndefined();
    expect(options.text("max-steps")).toBeUndefined();
    expect(parseOptions(["--name", "x"], table).choice("name", ["x", "y"])).toBe("x");
  });

  it("takes underscores for dashes in names, not in values, and the last of two", () => {
    expect(parseOptions(["--max_steps", "5"], table).number("max-steps")).toBe(5);
    expect(parseOptions(["--name=a_b"], table).text("name")).toBe("a_b");
    expect(parseOptions(["--size", "1", "--size", "2"], table).number("size")).toBe(2);
  });

  it("takes negative numbers, and says how other values that begin with a dash are given", () => {
    expect(parseOptions(["--size", "-1"], table).number("size")).toBe(-1);
    expect(parseOptions(["--size", "-.5e3", "--loud"], table).number("size")).toBe(-500);
    expect(parseOptions(["--size", "-Infinity"], table).number("size")).toBe(Number.NEGATIVE_INFINITY);
    expect(parseOptions(["--name", "-"], table).text("name")).toBe("-");
    expect(() => parseOptions(["--name", "-x"], table)).toThrow(
      "--name must be given as --name=-x where its value begins with a dash",
    );
    expect(parseOptions(["--name=-x"], table).text("name")).toBe("-x");
    expect(() => parseOptions(["--size", "--loud"], table)).toThrow("--size must have a value, got --loud");
  });

  it("refuses what it does not know", () => {
    expect(() => parseOptions(["--sizes", "1"], table)).toThrow("Unknown option '--sizes'");
    expect(() => parseOptions(["stray"], table)).toThrow("Unexpected argument 'stray'");
    expect(() => parseOptions(["--size"], table)).toThrow("argument missing");
    const options = parseOptions(["--size", "ten", "--name", "z"], table);
    expect(() => options.number("size")).toThrow('--size must be a number, got "ten"');
    expect(() => options.choice("name", ["x", "y"])).toThrow('--name must be one of x, y, got "z"');
    expect(() => options.required("max-steps")).toThrow("--max-steps N must be given");
  });
});

describe("optionHelp", () => {
  it("aligns names and lines", () => {
    expect(optionHelp(table).split("\n").slice(0, 2)).toEqual([
      "  --size N       how many",
      "  --max-steps N  updates",
    ]);
  });
});

describe("errors", () => {
  it("of the input are told from those of the program", () => {
    expect(isInputError(inputError("x"))).toBe(true);
    expect(isInputError(new RangeError('train: "budget" must be at least 1, got 0'))).toBe(true);
    expect(isInputError(Object.assign(new Error("no space left"), { code: "ENOSPC" }))).toBe(true);
    expect(isInputError(new TypeError("Cannot read properties of undefined (reading 'x')"))).toBe(false);
    expect(isInputError("text")).toBe(false);
  });

  it("are one line", () => {
    expect(errorLine("train", new RangeError('train: "budget" must be at least 1, got 0\nmore'))).toBe(
      'colm train: "budget" must be at least 1, got 0',
    );
    expect(errorLine("report", new RangeError('renderReport: "baseline" must be a run, got "x"'))).toBe(
      'colm report: "baseline" must be a run, got "x"',
    );
    expect(errorLine("train", inputError('file: "max_steps" must be an integer, got 1.5'))).toBe(
      'colm train: file: "max_steps" must be an integer, got 1.5',
    );
    expect(errorLine("train", new TypeError("x is not a function"))).toBe(
      "colm train: unexpected error: x is not a function (COLM_DEBUG=1 shows where)",
    );
  });
});
