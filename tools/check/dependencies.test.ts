import { expect, it } from "vitest";
import { dependencies } from "./dependencies.ts";
import { fixture, manifest } from "./fixture.ts";

it("holds when the sources import exactly what is declared", async () => {
  const root = await fixture({
    "packages/a/package.json": manifest("@colm/a", {
      dependencies: { ndarray: "1", "@types/ndarray": "1" },
      peerDependencies: { "@colm/b": "1" },
    }),
    "packages/a/src/index.ts": [
      'import type { NdArray } from "ndarray";',
      'import { readFile } from "node:fs/promises";',
      'export { b } from "@colm/b/deep";',
      'export type { Own } from "./own.ts";',
    ].join("\n"),
  });
  expect(await dependencies.run(root)).toEqual({ problems: [] });
});

it("fails in both directions", async () => {
  const root = await fixture({
    "packages/a/package.json": manifest("@colm/a", {
      dependencies: { unused: "1" },
      devDependencies: { vitest: "1" },
    }),
    "packages/a/src/index.ts": 'export const x = 1;\nexport const later = () => import("vitest");\n',
  });
  expect((await dependencies.run(root)).problems).toEqual([
    "packages/a/src/index.ts:2 imports vitest, which packages/a/package.json does not declare",
    "packages/a/package.json declares unused, which no source imports",
  ]);
});

it("knows an optional peer that is imported by a name in a variable", async () => {
  const meta = { peerDependencies: { gpu: "1", other: "1" } };
  const source = 'const name = "gpu";\nexport const later = () => import(name);\n';
  const problemsOf = async (changes: object): Promise<readonly string[]> => {
    const root = await fixture({
      "packages/a/package.json": manifest("@colm/a", { ...meta, ...changes }),
      "packages/a/src/index.ts": source,
    });
    return (await dependencies.run(root)).problems;
  };
  const unused = (name: string): string =>
    `packages/a/package.json declares ${name}, which no source imports`;
  expect(await problemsOf({})).toEqual([unused("gpu"), unused("other")]);
  const peerDependenciesMeta = { gpu: { optional: true }, other: { optional: true } };
  expect(await problemsOf({ peerDependenciesMeta })).toEqual([unused("other")]);
});
