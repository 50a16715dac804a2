import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Check } from "./check.ts";
import { nodePrograms } from "./node-versions.ts";
import { contentProblems, manifestProblems } from "./tarballs/contents.ts";
import { installationProblems } from "./tarballs/install.ts";
import { pack, type Tarball } from "./tarballs/pack.ts";
import { sizeProblems, sizeTable } from "./tarballs/size.ts";
import { workspacePackages } from "./workspace.ts";

/** What would be published is complete, lean, typed, and imports from its packed form. */
export const tarballs: Check = {
  name: "tarballs",
  async run(root) {
    const folder = await mkdtemp(join(tmpdir(), "colm-tarballs-"));
    try {
      const problems: string[] = [];
      const packed: Tarball[] = [];
      for (const owner of await workspacePackages(root)) {
        if (owner.manifest.private === true) continue;
        const tarball = await pack(root, owner, folder);
        if (typeof tarball === "string") {
          problems.push(tarball);
          continue;
        }
        packed.push(tarball);
        const found = [...(await contentProblems(tarball.path)), ...(await manifestProblems(tarball.path))];
        problems.push(...found.map((problem) => `${owner.name} ${problem}`));
      }
      problems.push(...(await installationProblems(root, packed, join(folder, "project"))));
      problems.push(...(await sizeProblems(root, packed)));
      const versions = (await nodePrograms()).map(({ version }) => version);
      return { problems, notes: [`imported on Node ${versions.join(", ")}`, await sizeTable(root, packed)] };
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  },
};
