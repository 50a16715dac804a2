import { globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it } from "vitest";
import { inlinedModule } from "../inline.ts";

const root = join(import.meta.dirname, "../../..");
const sources = globSync("packages/*/assembly/index.ts", { cwd: root });

it.each(sources)("%s is what its package has inlined", async (source) => {
  const { path, text } = await inlinedModule(join(root, source, "../.."));
  expect(readFileSync(path, "utf8") === text).toBe(true);
});

it("inlines a second module where the sources make use of relaxed SIMD", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assembly-"));
  try {
    mkdirSync(join(folder, "assembly"));
    const index = join(folder, "assembly/index.ts");
    writeFileSync(index, "export function one(at: usize): void { store<i32>(at, 1); }\n");
    expect((await inlinedModule(folder)).text).not.toContain("relaxedBinary");
    writeFileSync(
      index,
      "export function feature(at: usize): void { store<i32>(at, ASC_FEATURE_RELAXED_SIMD ? 2 : 1); }\n",
    );
    expect((await inlinedModule(folder)).text).toContain("export const relaxedBinary");
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("compiles a function on imported memory, and refuses what does not compile", async () => {
  const folder = mkdtempSync(join(tmpdir(), "assembly-"));
  try {
    await expect(inlinedModule(folder)).rejects.toThrow("must have an assembly/index.ts");
    mkdirSync(join(folder, "assembly"));
    const index = join(folder, "assembly/index.ts");
    writeFileSync(index, "export function twice(at: usize): void { store<i32>(at, 2 * load<i32>(at)); }\n");
    const { text } = await inlinedModule(folder);
    const [, digits] = /"([^"]+)"/.exec(text) ?? [];
    const memory = new WebAssembly.Memory({ initial: 1 });
    const { instance } = await WebAssembly.instantiate(Uint8Array.from(Buffer.from(digits, "hex")), {
      env: { memory },
    });
    const words = new Int32Array(memory.buffer);
    words[3] = 21;
    const { twice } = instance.exports;
    if (typeof twice !== "function") throw new Error("the module must export its function");
    twice(12);
    expect(words[3]).toBe(42);
    writeFileSync(index, "export function broken(): i32 { return missing; }\n");
    await expect(inlinedModule(folder)).rejects.toThrow("Cannot find name 'missing'");
  } finally {
    rmSync(folder, { recursive: true });
  }
});
