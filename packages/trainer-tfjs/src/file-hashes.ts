import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir } from "node:fs/promises";
import { join } from "node:path";

/** SHA-256 of each file of a folder, by name. */
export async function hashFiles(folder: string): Promise<Record<string, string>> {
  const hashes: Record<string, string> = {};
  for (const name of (await readdir(folder)).sort()) hashes[name] = await hashFile(join(folder, name));
  return hashes;
}

/** Throws unless each named file of a folder is the one that was hashed. */
export async function requireHashes(folder: string, hashes: Readonly<Record<string, string>>): Promise<void> {
  for (const [name, hash] of Object.entries(hashes)) {
    const path = join(folder, name);
    const found = await hashFile(path).catch((cause: unknown) => {
      throw new RangeError(`train: "resumeFromCheckpoint" must be a whole checkpoint, got no ${path}`, {
        cause,
      });
    });
    if (found !== hash) {
      throw new RangeError(
        `train: "resumeFromCheckpoint" must be a checkpoint as it was written, got other contents in ${path}`,
      );
    }
  }
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  for await (const piece of createReadStream(path)) hash.update(piece);
  return hash.digest("hex");
}
