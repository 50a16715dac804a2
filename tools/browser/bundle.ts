import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "tsup";

/**
 * One ES module for a browser with everything that `entry` imports, from the sources of the workspace.
 *
 * @param external - Modules that are left out: what is imported only where it is asked for, such as `node:*`.
 */
export async function bundle(entry: string, external: readonly string[] = []): Promise<string> {
  const outDir = await mkdtemp(join(tmpdir(), "colm-bundle-"));
  try {
    await build({
      config: false,
      entry: { bundle: entry },
      outDir,
      format: "esm",
      platform: "browser",
      target: "es2023",
      noExternal: [/.*/],
      splitting: false,
      esbuildOptions(options) {
        options.external = [...external];
      },
      minify: true,
      silent: true,
      clean: false,
    });
    return await readFile(join(outDir, "bundle.js"), "utf8");
  } finally {
    await rm(outDir, { recursive: true, force: true });
  }
}
