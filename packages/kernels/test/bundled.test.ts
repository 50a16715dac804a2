import { execFile } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { build } from "tsup";
import { afterAll, beforeAll, expect, it } from "vitest";

const packageFolder = join(import.meta.dirname, "..");
let folder: string;
beforeAll(async () => {
  // inside the package, so that its dependencies are found
  folder = await mkdtemp(join(packageFolder, "node_modules/.bundled-"));
});
afterAll(() => rm(folder, { recursive: true }));

const program = `
const { createKernels } = await import("./index.js");
const { matrix } = await import("@colm/array");
const { adamNormalize } = await import("@colm/adam-normalize");
const adam = adamNormalize({ beta1: 0, beta2: 0 });
for (const mode of ["cpu", "webasm"]) {
  const kernels = await createKernels({ mode });
  const points = matrix(Float32Array.of(0, 1, 3, 1, 0, 5), 3, 2);
  console.log(mode, (await kernels.pairwise(points, "l1")).data.join(" "), (await kernels.pairwise(points, "l2")).data.join(" "));
  console.log((await kernels.normalizedFeatures(adam.init(2), points, { keep: 1, normalizer: adam })).data.join(" "));
  await kernels.dispose();
}`;

it.each([
  { name: "as it is published", settings: {} },
  { name: "minified", settings: { minify: true } },
  { name: "with the names of its functions kept", settings: { minify: true, keepNames: true } },
])("computes the same when it is bundled $name", async ({ settings }) => {
  await build({
    ...settings,
    entry: [join(packageFolder, "src/index.ts")],
    outDir: folder,
    config: false,
    silent: true,
    format: "esm",
    external: [/^@colm\//],
  });
  const { stdout } = await promisify(execFile)(process.execPath, ["--input-type=module", "--eval", program], {
    cwd: folder,
  });
  expect(stdout.trim().split("\n")).toEqual([
    "cpu 0 3 4 3 0 7 4 7 0 0 3 4 3 0 5 4 5 0",
    "1 1 1",
    "webasm 0 3 4 3 0 7 4 7 0 0 3 4 3 0 5 4 5 0",
    "1 1 1",
  ]);
});
