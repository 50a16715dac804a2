// Compiles this folder with AssemblyScript 0.28 (`npx -y -p assemblyscript@0.28.20 node assembly/build.ts` in the package's folder)
// and writes the module into src/kernels/module-bytes.ts. The same sources give the same bytes.
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const folder = mkdtempSync(join(tmpdir(), "colm-kernels-"));
try {
  const file = join(folder, "kernels.wasm");
  execFileSync(
    "asc",
    [
      join(import.meta.dirname, "index.ts"),
      ...["-O3", "--runtime", "stub", "--noAssert", "--importMemory", "--noExportMemory"],
      ...["--enable", "simd", "--disableWarning", "112", "--use", "abort=", "-o", file],
    ],
    { stdio: "inherit" },
  );
  const base64 = readFileSync(file).toString("base64");
  writeFileSync(
    join(import.meta.dirname, "../src/kernels/module-bytes.ts"),
    `/** The WebAssembly module of \`assembly/\`, base64. Written by \`assembly/build.ts\`. */\nexport const MODULE_BYTES =\n  "${base64}";\n`,
  );
} finally {
  rmSync(folder, { recursive: true });
}
