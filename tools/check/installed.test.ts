import { join } from "node:path";
import { expect, it } from "vitest";
import { command } from "./command.ts";
import { fixture, manifest } from "./fixture.ts";

const script = join(import.meta.dirname, "installed.mjs");
const installed = {
  "pnpm-lock.yaml": "a: 1\n",
  "node_modules/.pnpm/lock.yaml": "a: 1\n",
  "package.json": manifest("root", { devDependencies: { vitest: "5" } }),
  "node_modules/vitest/package.json": manifest("vitest"),
  "packages/a/package.json": manifest("@colm/a", { dependencies: { ndarray: "1" } }),
  "packages/a/node_modules/ndarray/package.json": manifest("ndarray"),
};

async function run(files: Readonly<Record<string, string>>): Promise<{ code: number; output: string }> {
  return command(".", process.execPath, [script, await fixture(files)]);
}

it("says nothing when everything that is declared is there", async () => {
  expect(await run(installed)).toEqual({ code: 0, output: "" });
});

it("ends the script when nothing is installed", async () => {
  const { code, output } = await run({ "package.json": manifest("root"), "pnpm-lock.yaml": "" });
  expect(code).toBe(1);
  expect(output).toContain("The installation is not complete: there is no node_modules.");
});

it("ends the script when a dependency is missing", async () => {
  const { "packages/a/node_modules/ndarray/package.json": _, ...rest } = installed;
  const { code, output } = await run(rest);
  expect(code).toBe(1);
  expect(output).toContain("packages/a/node_modules/ndarray is missing");
});

it("ends the script when the lockfile has moved on", async () => {
  const { code, output } = await run({ ...installed, "pnpm-lock.yaml": "a: 2\n" });
  expect(code).toBe(1);
  expect(output).toContain("node_modules does not hold what pnpm-lock.yaml names");
});
