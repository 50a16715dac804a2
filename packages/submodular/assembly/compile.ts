import { fileURLToPath } from "node:url";
import asc from "assemblyscript/asc";

const folder = fileURLToPath(new URL(".", import.meta.url));

/** The text of `src/simd/binary.ts`: the compiled kernels in base64. */
export async function compileKernels(): Promise<string> {
  const settings = ["-O3", "--noAssert", "--runtime", "stub", "--enable", "simd"];
  const memory = ["--importMemory", "--noExportMemory", "--initialMemory", "1"];
  const source = ["index.ts", "--baseDir", folder, "--outFile", "kernels.wasm"];
  let binary: Uint8Array = new Uint8Array();
  const { error, stderr } = await asc.main([...source, ...settings, ...memory], {
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== "string") binary = contents;
    },
  });
  if (error) throw new Error(`compileKernels: ${error.message}\n${stderr.toString()}`);
  const text = Buffer.from(binary).toString("base64");
  return [
    "/** The WebAssembly kernels of `assembly/`, written by `assembly/build.ts`. */",
    `export const binary: string =\n  "${text}";`,
    "",
  ].join("\n");
}
