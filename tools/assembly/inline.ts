import { existsSync } from "node:fs";
import { join } from "node:path";
import { compileAssembly } from "./compile.ts";

/** A package's WebAssembly module as a source file: where it stands, and what must stand there. */
export interface InlinedModule {
  readonly path: string;
  readonly text: string;
}

/**
 * Compiles `assembly/` of a package into the text of its `src/simd/binary.ts`. The same sources give the same text.
 *
 * @param packageFolder - Must have an `assembly/index.ts`.
 */
export async function inlinedModule(packageFolder: string): Promise<InlinedModule> {
  const folder = join(packageFolder, "assembly");
  if (!existsSync(join(folder, "index.ts"))) {
    throw new RangeError(`inlinedModule: "${packageFolder}" must have an assembly/index.ts`);
  }
  const base64 = Buffer.from(await compileAssembly(folder)).toString("base64");
  const text = `/** The WebAssembly kernels of \`assembly/\`, written by this package's build. */\nexport const binary: string =\n  "${base64}";\n`;
  return { path: join(packageFolder, "src/simd/binary.ts"), text };
}
