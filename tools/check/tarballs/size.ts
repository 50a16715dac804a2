import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { filesMatching } from "../workspace.ts";
import type { Tarball } from "./pack.ts";

/** A table of what each package weighs: its tarball, its JavaScript, and its JavaScript compressed. */
export async function sizeTable(root: string, tarballs: readonly Tarball[]): Promise<string> {
  const rows = [["package", "tarball kB", "js kB", "js gzip kB"]];
  for (const { owner, path } of tarballs) {
    const texts: Buffer[] = [];
    for (const file of await filesMatching(join(root, owner.folder, "dist"), "**/*.js")) {
      texts.push(await readFile(join(root, owner.folder, "dist", file)));
    }
    const code = Buffer.concat(texts);
    const sizes = [(await stat(path)).size, code.length, gzipSync(code).length];
    rows.push([owner.name, ...sizes.map((bytes) => (bytes / 1000).toFixed(1))]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([name, ...sizes]) =>
      [name.padEnd(widths[0]), ...sizes.map((size, i) => size.padStart(widths[i + 1]))].join("  "),
    )
    .join("\n");
}
