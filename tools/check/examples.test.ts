import { resolve } from "node:path";
import { describe, expect, it } from "vitest";
import { runExamples } from "./examples/run-examples.ts";
import { exportedValues, packageScope } from "./examples/scope.ts";

const root = resolve(import.meta.dirname, "../..");
const path = "README.md";
const none: ReadonlyMap<string, string> = new Map();

describe("runExamples", () => {
  it("runs code against the packages of the workspace", async () => {
    const code = [
      'import { type Matrix, matrix } from "@colm/array";',
      "const m: Matrix = matrix(Float32Array.of(1, 2), 1, 2);",
      "m; // => [[1, 2]]",
      "matrix(Float32Array.of(1, 2), 1, 1); // throws RangeError",
    ].join("\n");
    expect(await runExamples(root, { examples: [{ path, line: 3, code }], scope: none })).toEqual([]);
  });

  it("imports what a doc comment may name, unless the example declares it", async () => {
    const scope = await packageScope(root, "packages/array", "@colm/array");
    const examples = [
      { path, line: 1, code: "matrix(Float32Array.of(1), 1, 1).get(0, 0); // => 1" },
      { path, line: 2, code: "const normal = 3;\nnormal; // => 3" },
    ];
    expect(await runExamples(root, { examples, scope })).toEqual([]);
  });

  it("fails for another value, a promise, an error, a missing import, and code that cannot be read", async () => {
    const examples = [
      { path, line: 1, code: "1 + 1; // => 3" },
      { path, line: 2, code: "Promise.resolve(3); // => 3" },
      { path, line: 3, code: 'throw new RangeError("too much");' },
      { path, line: 4, code: "matrix(Float32Array.of(1), 1, 1);" },
      { path, line: 5, code: "1 + 1; // => two" },
      { path, line: 6, code: "Math.sqrt(4); // throws TypeError" },
      { path, line: 7, code: "{} // => 2" },
    ];
    expect((await runExamples(root, { examples, scope: none })).sort()).toEqual([
      "README.md:1 Error: => 3, but it is 2",
      "README.md:2 Error: => 3: the value is a promise; await it",
      "README.md:3 RangeError: too much",
      "README.md:4 ReferenceError: matrix is not defined",
      'README.md:5 Error: => two: cannot be read (expected a value instead of "two" at "")',
      "README.md:6 Error: throws TypeError, but nothing was thrown",
      "README.md:7 1 comments name a result, but only 0 follow an expression or a declaration",
    ]);
  });

  it("fails for code that ends the process or never ends", async () => {
    const ends = await runExamples(root, {
      examples: [{ path, line: 1, code: "process.exit(0);" }],
      scope: none,
    });
    expect(ends[0]).toMatch(/^README.md:1 never came to its end \(exit code 0\)/);
    const waits = await runExamples(root, {
      examples: [{ path, line: 1, code: "await new Promise(() => {});" }],
      scope: none,
    });
    expect(waits[0]).toMatch(/^README.md:1 never came to its end \(exit code 13\)/);
  });
});

describe("exportedValues", () => {
  it("are the exports that exist at run time", () => {
    const text = [
      'export { a, type B, c as d } from "./x.ts";',
      'export type { E } from "./y.ts";',
      "export function f(): void {}",
      "export const g = 1;",
      "export interface H {}",
    ].join("\n");
    expect(exportedValues("index.ts", text)).toEqual(["a", "d", "f", "g"]);
  });
});
