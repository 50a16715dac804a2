import asc from "assemblyscript/asc";

// the rest is up to the asconfig.json of a package
const SETTINGS = [
  "--optimizeLevel",
  "3",
  "--noAssert",
  "--runtime",
  "stub",
  "--enable",
  "simd",
  "--use",
  "abort=",
];
// the package that calls the kernels owns the memory; a decorator that inlines is no error to be warned of
const MEMORY = ["--importMemory", "--noExportMemory", "--initialMemory", "1", "--disableWarning", "112"];

/**
 * Compiles `folder/index.ts` with AssemblyScript into a WebAssembly module that imports its memory.
 *
 * @param options - `relaxed`: with relaxed SIMD, so that `ASC_FEATURE_RELAXED_SIMD` is true in the sources.
 * @throws {Error} With the compiler's own words if the sources do not compile.
 */
export async function compileAssembly(
  folder: string,
  { relaxed = false }: { relaxed?: boolean } = {},
): Promise<Uint8Array> {
  const source = ["index.ts", "--baseDir", folder, "--outFile", "kernels.wasm"];
  if (relaxed) source.push("--enable", "relaxed-simd");
  let module = new Uint8Array();
  const { error, stderr } = await asc.main([...source, ...SETTINGS, ...MEMORY], {
    writeFile: (_name: string, contents: Uint8Array | string) => {
      if (typeof contents !== "string") module = Uint8Array.from(contents);
    },
  });
  if (error) throw new Error(`${folder}: ${error.message}\n${stderr.toString()}`);
  return module;
}
