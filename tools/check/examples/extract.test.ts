import { describe, expect, it } from "vitest";
import { docExamples, fencedBlocks } from "./extract.ts";

const fence = "```";

describe("fencedBlocks", () => {
  it("takes the blocks of TypeScript, with the line on which each begins", () => {
    const text = [
      "# A",
      `${fence}sh`,
      "npm i",
      fence,
      `${fence}ts`,
      "a;",
      "b;",
      fence,
      `- x`,
      `  ${fence}ts`,
      "  c;",
      `  ${fence}`,
    ];
    expect(fencedBlocks("README.md", text.join("\n"))).toEqual([
      { path: "README.md", line: 6, code: "a;\nb;" },
      { path: "README.md", line: 11, code: "c;" },
    ]);
  });

  it("refuses a block that is never closed", () => {
    expect(() => fencedBlocks("README.md", `${fence}ts\na;`)).toThrow(
      "README.md:2 a fenced block is never closed",
    );
  });
});

describe("docExamples", () => {
  it("takes plain and fenced code up to the next tag", () => {
    const text = [
      "/** No example here. */",
      "/**",
      " * One.",
      " * @example",
      " * f(1); // => 2",
      " *   g();",
      " * @returns Nothing.",
      " */",
      "/**",
      " * @example",
      ` * ${fence}ts`,
      " * h();",
      ` * ${fence}`,
      " */",
    ];
    expect(docExamples("a.ts", text.join("\n"))).toEqual([
      { path: "a.ts", line: 4, code: "\nf(1); // => 2\n  g();" },
      { path: "a.ts", line: 12, code: "h();" },
    ]);
  });
});
