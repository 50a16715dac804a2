import { describe, expect, it } from "vitest";
import { identifiers, instrument, ownNames } from "./instrument.ts";

describe("instrument", () => {
  it("checks expressions, printed values, declarations and what is thrown, line by line", () => {
    const code = [
      "f(1); // => 2",
      "console.log(x); // => [1, 2]",
      "const y = g(); // => 3",
      "const { z } = h();",
      "// => 4",
      "bad(); // throws RangeError: no",
      "for (const i of y) {",
      "  i.k; // => {",
      "  //   a: 1 }",
      "}",
    ];
    expect(instrument(code.join("\n")).split("\n")).toEqual([
      '__value((f(1)), "2"); // => 2',
      '__value((x), "[1, 2]"); // => [1, 2]',
      'const y = g(); __value(y, "3"); // => 3',
      'const { z } = h(); __value(z, "4");',
      "// => 4",
      'await __throws(async () => { bad(); }, "RangeError: no"); // throws RangeError: no',
      "for (const i of y) {",
      '  __value((i.k), "{ a: 1 }"); // => {',
      "  //   a: 1 }",
      "}",
    ]);
  });

  it("refuses a result that follows nothing", () => {
    expect(() => instrument("if (a) {} // => 1")).toThrow(
      "1 comments name a result, but only 0 follow an expression or a declaration",
    );
  });
});

describe("names", () => {
  it("are those declared or imported at the top level", () => {
    const code =
      'import d, { e as f, type G } from "x";\nconst a = 1, { b, c: [h] } = y;\nfunction i() { const j = 1; }';
    expect([...ownNames(code)].sort()).toEqual(["G", "a", "b", "d", "f", "h", "i"]);
    expect(identifiers("a.b(c)")).toEqual(new Set(["a", "b", "c"]));
  });
});
