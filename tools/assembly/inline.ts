import { existsSync } from "node:fs";
import { join } from "node:path";
import { compileAssembly } from "./compile.ts";

/** A package's WebAssembly module as a source file: where it stands, and what must stand there. */
export interface InlinedModule {
  readonly path: string;
  readonly text: string;
}

/**
 * Compiles `assembly/` of a package into the text of its `src/simd/binary.ts`: `binary`, and `relaxedBinary` where
 * the sources make use of relaxed SIMD. The same sources give the same text.
 *
 * @param packageFolder - Must have an `assembly/index.ts`.
 */
export async function inlinedModule(packageFolder: string): Promise<InlinedModule> {
  const folder = join(packageFolder, "assembly");
  if (!existsSync(join(folder, "index.ts"))) {
    throw new RangeError(`inlinedModule: "${packageFolder}" must have an assembly/index.ts`);
  }
  const [plain, relaxed] = await Promise.all([
    compileAssembly(folder),
    compileAssembly(folder, { relaxed: true }),
  ]);
  const texts = [
    constant("binary", "The WebAssembly kernels of `assembly/`, written by this package's build.", plain),
  ];
  if (!Buffer.from(relaxed).equals(plain)) {
    texts.push(constant("relaxedBinary", "The same kernels for engines that have relaxed SIMD.", relaxed));
  }
  return { path: join(packageFolder, "src/simd/binary.ts"), text: texts.join("\n") };
}

/** Two hexadecimal digits a byte: longer than base64, but what repeats stays alike, so that it compresses better. */
function constant(name: string, says: string, module: Uint8Array): string {
  return `/** ${says} */\nexport const ${name}: string =\n  "${Buffer.from(module).toString("hex")}";\n`;
}
