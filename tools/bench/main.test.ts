import { execFile } from "node:child_process";
import { join } from "node:path";
import { expect, it } from "vitest";

function bench(...args: string[]): Promise<{ code: unknown; error: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(import.meta.dirname, "main.ts"), ...args], (failure, _, error) => {
      resolve({ code: failure?.code ?? 0, error });
    });
  });
}

it.each([
  [[], "no benchmark named"],
  [["nope"], 'no benchmark is called "nope"'],
  [["measure"], 'no benchmark is called "measure"'],
  [["a", "b"], "one benchmark at a time, got a, b"],
  [["--jsn"], "Unknown option '--jsn'"],
  [["scale", "--backend", "webgpu"], "scale takes no --backend"],
  [["lm", "--backend", "cpu"], "--backend of lm must be wasm or webgpu, got cpu"],
  [["reuse", "--size", "huge"], "--size of reuse must be default or large or small, got huge"],
])("lists what there is for %j and exits with 2", async (args, problem) => {
  const { code, error } = await bench(...args);
  expect(code).toBe(2);
  expect(error).toContain(`bench: ${problem}`);
  expect(error).toMatch(/^there is: .*\bselection\b/m);
});
