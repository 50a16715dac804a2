import { join } from "node:path";
import { command, tail } from "../command.ts";
import { filesMatching, type WorkspacePackage } from "../workspace.ts";

export interface Tarball {
  readonly owner: WorkspacePackage;
  readonly path: string;
}

/** Packs a built package as it would be published; a string says why it cannot be packed. */
export async function pack(root: string, owner: WorkspacePackage, folder: string): Promise<Tarball | string> {
  const before = new Set(await filesMatching(folder, "*.tgz"));
  const args = ["pack", "--pack-destination", folder];
  const { code, output } = await command(join(root, owner.folder), "pnpm", args);
  const made = (await filesMatching(folder, "*.tgz")).filter((name) => !before.has(name));
  if (code !== 0 || made.length !== 1)
    return `${owner.folder}: pnpm pack exited with ${code}\n${tail(output, 20)}`;
  return { owner, path: join(folder, made[0]) };
}
