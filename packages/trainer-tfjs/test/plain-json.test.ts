import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePlain, stringifyPlain } from "../src/plain-json.ts";

describe("plain states as JSON", () => {
  it("come back bit for bit", () => {
    const state = {
      step: 3,
      m: { a: Float32Array.of(0.1, Number.NaN, -0), b: Float64Array.of(Math.PI) },
      list: [Int32Array.of(-7), null, "text", true],
      empty: new Float32Array(0),
      missing: undefined,
    };
    const back = parsePlain(stringifyPlain(state));
    const { missing, ...rest } = state;
    expect(missing).toBeUndefined();
    expect(back).toEqual(rest);
  });

  it("keep every float32", () => {
    fc.assert(
      fc.property(fc.float32Array(), (values) => {
        expect(parsePlain(stringifyPlain({ values }))).toEqual({ values });
      }),
    );
  });

  it("refuse what is not plain", () => {
    expect(() => stringifyPlain({ f: Number.NaN })).toThrow('stringifyPlain: "value" must be plain, got NaN');
    expect(() => stringifyPlain(new Map())).toThrow('stringifyPlain: "value" must be plain');
    expect(() => stringifyPlain(() => 1)).toThrow('stringifyPlain: "value" must be plain');
    expect(() => stringifyPlain(new Uint8Array(1))).toThrow('stringifyPlain: "value" must be plain');
    expect(() => parsePlain("{")).toThrow(SyntaxError);
  });
});
