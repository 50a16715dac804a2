import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { command } from "./command.ts";
import { fixture, manifest } from "./fixture.ts";
import { contentProblems, manifestProblems } from "./tarballs/contents.ts";
import { installationProblems } from "./tarballs/install.ts";
import type { Tarball } from "./tarballs/pack.ts";
import { sizeProblems, sizeTable } from "./tarballs/size.ts";

const exports = { ".": { types: "./dist/index.d.ts", default: "./dist/index.js" } };
const complete = {
  "package.json": manifest("@colm/a", { exports, sideEffects: false }),
  "README.md": "# a\n",
  LICENSE: "MIT\n",
  "dist/index.js": "export const one = 1;\n",
  "dist/index.d.ts": "export declare const one: number;\n",
};

/** A tarball of these files, and beside it the sources that it should have been built from. */
async function packed(
  files: Readonly<Record<string, string>>,
  source: string,
): Promise<{ root: string; tarball: Tarball }> {
  const inside = Object.entries(files).map(([path, text]) => [`package/${path}`, text]);
  const root = await fixture({ ...Object.fromEntries(inside), "packages/a/src/index.ts": source });
  const path = join(root, "a.tgz");
  await command(root, "tar", ["-czf", path, ...inside.map(([name]) => name)]);
  return {
    root,
    tarball: { owner: { name: "@colm/a", folder: "packages/a", manifest: { name: "@colm/a" } }, path },
  };
}

describe("contents", () => {
  it("holds for a complete tarball", async () => {
    const { tarball } = await packed(complete, "");
    expect(await contentProblems(tarball.path)).toEqual([]);
    expect(await manifestProblems(tarball.path)).toEqual([]);
  });

  it("fails for files that are missing or stray", async () => {
    const { "README.md": _, ...rest } = complete;
    const { tarball } = await packed({ ...rest, "dist/.tsbuildinfo": "{}", "src/index.ts": "" }, "");
    expect(await contentProblems(tarball.path)).toEqual([
      "has no README.md",
      "holds package/dist/.tsbuildinfo, which nobody needs",
      "holds package/src/index.ts, which nobody needs",
    ]);
  });

  it("fails for a manifest that points nowhere or has no types", async () => {
    const broken = manifest("@colm/a", { exports: { ".": "./dist/absent.js" } });
    const { tarball } = await packed({ ...complete, "package.json": broken }, "");
    const problems = await manifestProblems(tarball.path);
    expect(problems.map((problem) => problem.split(":")[0])).toEqual(["publint", "attw"]);
  });
});

describe("installation", () => {
  it("holds when the packed module exports what its source does", async () => {
    const { root, tarball } = await packed(complete, "export const one = 1;");
    expect(await installationProblems(root, [tarball], join(root, "project"))).toEqual([]);
  });

  it("fails when it exports something else", async () => {
    const { root, tarball } = await packed(complete, "export const two = 2;");
    const problems = await installationProblems(root, [tarball], join(root, "project"));
    expect(problems[0]).toContain('expected ["two"], got\n["one"]');
  });

  it("fails when it cannot be installed", async () => {
    const { root, tarball } = await packed({ "README.md": "" }, "");
    const problems = await installationProblems(root, [tarball], join(root, "project"));
    expect(problems[0]).toMatch(/^npm install of the tarballs exited with/);
  });
});

describe("sizeTable", () => {
  it("has a line for each package", async () => {
    const { root, tarball } = await packed(complete, "");
    const [head, row] = (await sizeTable(root, [tarball])).split("\n");
    expect(head).toMatch(/^package +tarball kB +js kB +js gzip kB$/);
    expect(row).toMatch(/^@colm\/a +0\.\d +0\.0 +0\.0$/);
  });
});

describe("sizeProblems", () => {
  const text = "export const three = 3;\n";
  const bytes = gzipSync(text, { level: 9 }).length;
  const problems = async (limits: Readonly<Record<string, number>>): Promise<string[]> => {
    const { tarball } = await packed(complete, "");
    return await sizeProblems(await fixture({ "packages/a/dist/index.js": text }), [tarball], limits);
  };

  it("holds up to the limit of a package, and where there is none", async () => {
    expect(await problems({ "@colm/a": bytes })).toEqual([]);
    expect(await problems({ "@colm/b": 1 })).toEqual([]);
  });

  it("fails for a package that weighs more", async () => {
    const most = bytes - 1;
    expect(await problems({ "@colm/a": most })).toEqual([
      `@colm/a must weigh at most ${most} bytes of compressed JavaScript, got ${bytes}`,
    ]);
  });
});
