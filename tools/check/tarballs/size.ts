import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { filesMatching } from "../workspace.ts";
import type { Tarball } from "./pack.ts";

/** What the compressed JavaScript of a package may weigh at most, in bytes: what its README says. */
const limits: Readonly<Record<string, number>> = { "@colm/submodular": 16_000 };

/** Which packages weigh more than they say. */
export async function sizeProblems(
  root: string,
  tarballs: readonly Tarball[],
  most: Readonly<Record<string, number>> = limits,
): Promise<string[]> {
  const problems: string[] = [];
  for (const { owner } of tarballs) {
    const limit = most[owner.name] ?? Number.POSITIVE_INFINITY;
    const { compressed } = await codeBytes(root, owner.folder);
    if (compressed > limit) {
      problems.push(
        `${owner.name} must weigh at most ${limit} bytes of compressed JavaScript, got ${compressed}`,
      );
    }
  }
  return problems;
}

/** A table of what each package weighs: its tarball, its JavaScript, and its JavaScript compressed. */
export async function sizeTable(root: string, tarballs: readonly Tarball[]): Promise<string> {
  const rows = [["package", "tarball kB", "js kB", "js gzip kB"]];
  for (const { owner, path } of tarballs) {
    const { whole, compressed } = await codeBytes(root, owner.folder);
    const sizes = [(await stat(path)).size, whole, compressed];
    rows.push([owner.name, ...sizes.map((bytes) => (bytes / 1000).toFixed(1))]);
  }
  const widths = rows[0].map((_, column) => Math.max(...rows.map((row) => row[column].length)));
  return rows
    .map(([name, ...sizes]) =>
      [name.padEnd(widths[0]), ...sizes.map((size, i) => size.padStart(widths[i + 1]))].join("  "),
    )
    .join("\n");
}

/** The bytes of the JavaScript that a package was built to, all files together. */
async function codeBytes(root: string, folder: string): Promise<{ whole: number; compressed: number }> {
  const texts: Buffer[] = [];
  for (const file of await filesMatching(join(root, folder, "dist"), "**/*.js")) {
    texts.push(await readFile(join(root, folder, "dist", file)));
  }
  const code = Buffer.concat(texts);
  return { whole: code.length, compressed: gzipSync(code, { level: 9 }).length };
}
