import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";
import { inlinedModule } from "../../../tools/assembly/inline.ts";

it("the inlined WebAssembly module is what its sources compile to", async () => {
  const { path, text } = await inlinedModule(fileURLToPath(new URL("..", import.meta.url)));
  expect(readFileSync(path, "utf8")).toBe(text);
});
