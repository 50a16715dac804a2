// `node tools/assembly/build.ts PACKAGE_FOLDER ...` compiles each package's assembly/ into its src/simd/binary.ts
import { readFile, writeFile } from "node:fs/promises";
import { inlinedModule } from "./inline.ts";

for (const folder of process.argv.slice(2)) {
  const { path, text } = await inlinedModule(folder);
  const present = await readFile(path, "utf8").catch(() => undefined);
  if (present !== text) await writeFile(path, text);
}
