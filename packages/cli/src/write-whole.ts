import { lstat, mkdir, open, readlink, realpath, rename, rm, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";

/**
 * Writes a file all or nothing: beside its place first, to disk, then renamed.
 *
 * @param path - Where. A symbolic link stays one, and what it leads to is written; what is no file, as a device or a pipe, is written
 *   to as it is.
 * @param text - The whole contents.
 * @throws The error of the operating system; a file that was there before is then still whole.
 */
export async function writeWhole(path: string, text: string): Promise<void> {
  const there = await stat(path).catch(unlessMissing);
  if (there !== undefined && !there.isFile() && !there.isDirectory()) {
    await writeFile(path, text);
    return;
  }
  const place = await endOfLinks(path);
  const partial = `${place}.partial`;
  await mkdir(dirname(place), { recursive: true });
  try {
    const file = await open(partial, "w");
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(partial, place);
  } catch (error) {
    await rm(partial, { force: true });
    throw error;
  }
}

/** Where symbolic links lead, whether anything is there yet or not. */
async function endOfLinks(path: string): Promise<string> {
  const found = await lstat(path).catch(unlessMissing);
  if (!found?.isSymbolicLink()) return path;
  return endOfLinks(resolve(await realpath(dirname(path)), await readlink(path)));
}

/** Nothing for what is not there; a circle of links, say, is refused. */
function unlessMissing(error: unknown): undefined {
  if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
  throw error;
}
