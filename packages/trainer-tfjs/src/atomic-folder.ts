import { mkdir, open, readdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";

/**
 * Writes a folder all or nothing: into a temporary folder beside it, to disk, then renamed.
 *
 * @param folder - The folder to be; one that stands there is replaced once the new one is complete.
 * @param write - Fills the temporary folder whose path it is given.
 * @returns When the folder stands.
 * @throws What `write` throws, or the file system's error; the temporary folder is removed and whatever stood
 * at `folder` is still there, whole.
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
    for (const name of await readdir(temporary)) await syncFile(join(temporary, name));
    await rm(replaced, { recursive: true, force: true });
    await rename(folder, replaced).catch(unlessMissing);
    await rename(temporary, folder);
    await rm(replaced, { recursive: true, force: true });
  } catch (error) {
    await rm(temporary, { recursive: true, force: true });
    throw error;
  }
}

async function syncFile(path: string): Promise<void> {
  const file = await open(path, "r+");
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
