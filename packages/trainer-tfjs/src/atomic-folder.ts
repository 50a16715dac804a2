import { mkdir, open, readdir, rename, rm, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a folder all or nothing: into a temporary folder beside it, to disk, then renamed.
 *
 * @param folder - The folder to be; one that stands there is replaced once the new one is complete.
 * @param write - Fills the temporary folder whose path it is given.
 * @returns When the folder stands, and its name is on the disk too.
 * @throws What `write` throws, or the file system's error; the temporary folder is removed and whatever stood
 * at `folder` is still there, whole.
 * @remarks A process killed between the two renames of a replacement leaves the old folder under another name, from which
 * {@link recoverFolders} brings it back.
 */
export async function writeFolder(
  folder: string,
  write: (temporary: string) => Promise<void>,
): Promise<void> {
  const parent = dirname(folder);
  await mkdir(parent, { recursive: true });
  const temporary = join(parent, `.${basename(folder)}.partial`);
  const replaced = join(parent, `.${basename(folder)}.replaced`);
  try {
    await rm(temporary, { recursive: true, force: true });
    await mkdir(temporary);
    await write(temporary);
    for (const name of await readdir(temporary)) await sync(join(temporary, name), "r+");
    await sync(temporary, "r");
    await rm(replaced, { recursive: true, force: true });
    await rename(folder, replaced).catch(unlessMissing);
    await rename(temporary, folder);
    await sync(parent, "r");
    await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    await rename(replaced, folder).catch(unlessMissing);
    throw error;
  }
}

/**
 * Puts a parent folder in order after a process was killed while it wrote: replaced folders whose successors never came
 * are brought back, everything half-written is removed.
 *
 * @param parent - A folder that {@link writeFolder} wrote into; one that is missing is in order.
 * @param name - Which folders are meant.
 */
export async function recoverFolders(parent: string, name: RegExp): Promise<void> {
  for (const entry of await entriesOf(parent)) {
    const [, own, state] = /^\.(.+)\.(partial|replaced)$/.exec(entry) ?? [];
    if (own === undefined || !name.test(own)) continue;
    if (state === "replaced" && !(await exists(join(parent, own)))) {
      await rename(join(parent, entry), join(parent, own));
    } else await rm(join(parent, entry), { recursive: true, force: true });
  }
}

/** Names in a folder; none where it is missing, or a file stands in its place. */
export async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await readdir(folder);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOTDIR")) unlessMissing(error);
    return [];
  }
}

async function exists(path: string): Promise<boolean> {
  try {
    await stat(path);
    return true;
  } catch (error) {
    unlessMissing(error);
    return false;
  }
}

async function sync(path: string, flags: "r" | "r+"): Promise<void> {
  const file = await open(path, flags);
  try {
    await file.sync();
  } finally {
    await file.close();
  }
}

function unlessMissing(error: unknown): void {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
  throw error;
}
