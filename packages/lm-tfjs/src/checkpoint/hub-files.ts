import { describe } from "@colm/array";
import type { HubOptions } from "@colm/data";
import type { Files } from "./files.ts";
import { reason } from "./json-fields.ts";

const FORM = /^hf:\/\/([^/@]+\/[^/@]+)(?:@([^/@]+))?\/?$/;

/**
 * A model of the Hugging Face Hub as a place to read a checkpoint from, in ranges: nothing is stored.
 *
 * @param address - `hf://owner/name`, or `hf://owner/name@revision`; `main` is the default revision.
 * @param options - `accessToken`: for private and gated models; none is looked for in the environment. `hubUrl`: another server with the
 *   same interface. `fetch`: another `fetch`.
 * @returns Its files. Each is looked up once, at its first use.
 * @throws {RangeError} If the address is no such one or the package `@huggingface/hub` is not installed; from `read` and `size`, if the
 *   Hub refuses, naming the file.
 * @remarks Only here is `@huggingface/hub` loaded.
 */
export async function hubFiles(address: string, options: HubOptions = {}): Promise<Files> {
  const [, name, revision = "main"] = FORM.exec(address) ?? [];
  if (name === undefined) {
    throw new RangeError(
      `hubFiles: "address" must be hf://owner/name or hf://owner/name@revision, got ${describe(address)}`,
    );
  }
  const { downloadFile } = await loadHub();
  const place = `hf://${name}@${revision}`;
  const known = new Map<string, Promise<Blob | undefined>>();
  const failed = (path: string, error: unknown): RangeError =>
    new RangeError(`hubFiles: "${place}/${path}" must be readable, got ${reason(error)}`, { cause: error });
  const open = (path: string): Promise<Blob | undefined> => {
    const blob =
      known.get(path) ??
      downloadFile({ repo: { type: "model", name }, path, revision, ...options }).then(
        (found) => found ?? undefined,
        (error: unknown) => {
          throw failed(path, error);
        },
      );
    known.set(path, blob);
    return blob;
  };
  return {
    place,
    async read(path, start = 0, end) {
      const blob = await open(path);
      if (!blob) throw new RangeError(`hubFiles: "${place}/${path}" must be a file, got no such file`);
      const stop = end ?? blob.size;
      if (stop <= start) return new Uint8Array(0);
      const bytes = await blob
        .slice(start, stop)
        .arrayBuffer()
        .catch((error: unknown) => {
          throw failed(path, error);
        });
      return new Uint8Array(bytes);
    },
    size: async (path) => (await open(path))?.size,
  };
}

async function loadHub(): Promise<Pick<typeof import("@huggingface/hub"), "downloadFile">> {
  try {
    return await import("@huggingface/hub");
  } catch (error) {
    throw new RangeError(
      "hubFiles: the package @huggingface/hub must be installed for hf:// addresses: npm install @huggingface/hub",
      { cause: error },
    );
  }
}
