import { expect, it } from "vitest";
import { fixture } from "./fixture.ts";
import { layering } from "./layering.ts";

it("holds for imports of what stands above", async () => {
  const root = await fixture({
    "packages/array/src/index.ts": 'export { matrix } from "./matrix.ts";',
    "packages/array/src/matrix.ts": 'import ndarray from "ndarray";\nexport const matrix = ndarray;',
    "packages/coreset/src/index.ts": 'export { matrix } from "@colm/array";',
    "packages/lm-tfjs/src/index.ts": 'export { tidy } from "@tensorflow/tfjs-core";',
    "packages/kernels/src/index.ts": 'export { GPU } from "gpu.js";',
  });
  expect(await layering.run(root)).toEqual({ problems: [] });
});

it("fails for imports of what stands below, of frameworks, and across folders", async () => {
  const root = await fixture({
    "packages/array/src/index.ts": 'export { coreset } from "@colm/coreset";',
    "packages/coreset/src/index.ts": 'import type { Tensor } from "@tensorflow/tfjs-core";\nimport "gpu.js";',
    "packages/data/src/index.ts": 'export { x } from "../../array/src/index.ts";',
    "packages/extra/src/index.ts": "export const x = 1;",
  });
  expect((await layering.run(root)).problems).toEqual([
    "packages/array/src/index.ts:1 imports @colm/coreset, which does not stand above @colm/array",
    "packages/coreset/src/index.ts:1 imports @tensorflow/tfjs-core, which only lm-tfjs, trainer-tfjs, cli may",
    "packages/coreset/src/index.ts:2 imports gpu.js, which only kernels may",
    "packages/data/src/index.ts:1 reaches out of its package: ../../array/src/index.ts",
    "packages/extra/src/index.ts: packages/extra has no place in the list of layers",
  ]);
});

it("fails for files that need each other when they run, not for types", async () => {
  const cyclic = await fixture({
    "packages/array/src/a.ts": 'import { b } from "./b.ts";\nexport const a = () => b;',
    "packages/array/src/b.ts": 'import { a } from "./a.ts";\nexport const b = () => a;',
  });
  expect((await layering.run(cyclic)).problems).toEqual([
    "import cycle: packages/array/src/a.ts -> packages/array/src/b.ts -> packages/array/src/a.ts",
  ]);
  const typed = await fixture({
    "packages/array/src/a.ts":
      'import { b, type B } from "./b.ts";\nexport interface A { b: B }\nexport const a = b;',
    "packages/array/src/b.ts":
      'import { type A } from "./a.ts";\nexport interface B { a: A }\nexport const b = 1;',
  });
  expect(await layering.run(typed)).toEqual({ problems: [] });
});
