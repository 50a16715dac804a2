import { describe } from "@colm/array";
import type { Files } from "./files.ts";
import { reason } from "./json-fields.ts";

/** Largest file, in bytes, that is taken whole from a server which does not answer range requests. */
const WHOLE = 2 ** 26;

/** What is known of one file: its size, and its bytes where the server sent it whole. */
interface Found {
  readonly size: number;
  readonly bytes?: Uint8Array;
}

/**
 * Files below an address of the web as a place to read a checkpoint from, by range requests.
 *
 * @param base - The folder's address, `http:` or `https:`.
 * @param options - `fetch`: another `fetch`, for headers or a cache.
 * @returns Its files; a tensor at a time crosses the network.
 * @throws {RangeError} If the address is none of the web; from `read` and `size`, if the server refuses, or if it does not answer
 *   range requests and the file is larger than 64 MiB (a smaller one is then read whole, once).
 * @example
 * urlFiles("https://example.org/models/small").place; // => "https://example.org/models/small"
 */
export function urlFiles(base: string | URL, options: { fetch?: typeof fetch } = {}): Files {
  const place = String(base).replace(/\/+$/, "");
  if (!/^https?:\/\//.test(place)) {
    throw new RangeError(
      `urlFiles: "base" must be an http: or https: address, got ${describe(String(base))}`,
    );
  }
  const known = new Map<string, Promise<Found | undefined>>();
  const request = async (name: string, start: number, end: number): Promise<Response> => {
    const load = options.fetch ?? fetch;
    try {
      return await load(`${place}/${name}`, { headers: { Range: `bytes=${start}-${end - 1}` } });
    } catch (error) {
      throw new RangeError(`urlFiles: "${place}/${name}" must be readable, got ${reason(error)}`, {
        cause: error,
      });
    }
  };
  const look = (name: string): Promise<Found | undefined> => {
    const found = known.get(name) ?? request(name, 0, 1).then((response) => readFound(place, name, response));
    known.set(name, found);
    return found;
  };
  return {
    place,
    async read(name, start = 0, end) {
      const found = await look(name);
      if (!found) throw new RangeError(`urlFiles: "${place}/${name}" must be a file, got no such file`);
      const stop = end ?? found.size;
      if (found.bytes) return found.bytes.subarray(start, stop);
      if (stop <= start) return new Uint8Array(0);
      const response = await request(name, start, stop);
      if (response.status !== 206) throw refused(place, name, response);
      return new Uint8Array(await response.arrayBuffer());
    },
    size: async (name) => (await look(name))?.size,
  };
}

async function readFound(place: string, name: string, response: Response): Promise<Found | undefined> {
  if (response.status === 404) {
    await response.body?.cancel();
    return undefined;
  }
  // an empty file has no byte 0 to send
  if (response.status === 416) return { size: 0, bytes: new Uint8Array(0) };
  if (response.status === 206) {
    await response.body?.cancel();
    const size = Number(response.headers.get("content-range")?.split("/")[1]);
    if (Number.isSafeInteger(size)) return { size };
    throw new RangeError(
      `urlFiles: "${place}/${name}" must be sent with its size in content-range, got none`,
    );
  }
  if (response.status !== 200) throw refused(place, name, response);
  const length = Number(response.headers.get("content-length") ?? 0);
  if (length > WHOLE) {
    await response.body?.cancel();
    throw new RangeError(
      `urlFiles: "${place}/${name}" must be on a server that answers range requests, got all ${length} bytes at once`,
    );
  }
  const bytes = new Uint8Array(await response.arrayBuffer());
  return { size: bytes.length, bytes };
}

function refused(place: string, name: string, { status }: Response): RangeError {
  return new RangeError(`urlFiles: "${place}/${name}" must be readable, got HTTP status ${status}`);
}
