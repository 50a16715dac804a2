import { expect, it } from "vitest";
import { fileRules } from "./file-rules.ts";
import { fixture } from "./fixture.ts";

it("holds for a plain module", async () => {
  const root = await fixture({
    "packages/a/src/lazy-greedy.ts": "export const order = [1, 2] as const;\n",
    "packages/a/test/lazy-greedy.test.ts": 'it("runs", () => {});\n',
  });
  expect(await fileRules.run(root)).toEqual({ problems: [], notes: [] });
});

it("fails for vague names, asserted types, work at import time, and tests that are singled out", async () => {
  const only = ["it", "only"].join(".");
  const root = await fixture({
    "packages/a/src/asserts.ts": "const x: unknown = 1;\nexport const y = x as number;\n",
    "packages/a/src/utils.ts": "export const x = 1;\n",
    "packages/a/src/camelCase.ts": "export const x = 1;\n",
    "packages/a/src/works.ts": "export const x = new Map();\nx.set(1, 2);\n",
    "packages/a/test/a.test.ts": `${only}("runs", () => {});\n`,
  });
  expect((await fileRules.run(root)).problems).toEqual([
    'packages/a/src/asserts.ts:2 asserts a type ("as number")',
    "packages/a/src/camelCase.ts: file names are kebab-case",
    'packages/a/src/utils.ts: "utils" does not say what is in the file',
    "packages/a/src/works.ts:2 does something when the module is imported",
    `packages/a/test/a.test.ts contains ${only}`,
  ]);
});

it("notes long files", async () => {
  const root = await fixture({ "packages/a/src/long.ts": "export {};\n".repeat(301) });
  expect((await fileRules.run(root)).notes).toEqual(["packages/a/src/long.ts has 301 lines, more than 300"]);
});
