/** A server of files in memory, as a `fetch`: every request is written down. */
export interface FakeServer {
  readonly fetch: typeof fetch;
  /** Path, range and bytes sent of each request. */
  readonly requests: { readonly path: string; readonly range: string | null; readonly bytes: number }[];
}

/** Serves `files` below `root` like the Hub does: ranges, sizes in `content-range`, tags, and a code for files that are not there. */
export function fakeServer(
  root: string,
  files: ReadonlyMap<string, Uint8Array>,
  options: { ranges?: boolean; token?: string } = {},
): FakeServer {
  const { ranges = true, token } = options;
  const requests: FakeServer["requests"] = [];
  const respond = (
    path: string,
    range: string | null,
    body: Uint8Array | string,
    init: ResponseInit,
  ): Response => {
    requests.push({ path, range, bytes: body.length });
    return new Response(typeof body === "string" ? body : Uint8Array.from(body), init);
  };
  return {
    requests,
    fetch: async (input, init) => {
      const address = input instanceof Request ? input.url : String(input);
      const headers = new Headers(init?.headers);
      const range = headers.get("range");
      const path = address.slice(root.length);
      if (!address.startsWith(root)) return respond(address, range, "no such host", { status: 502 });
      if (token !== undefined && headers.get("authorization") !== `Bearer ${token}`) {
        return respond(path, range, '{"error":"gated"}', { status: 401 });
      }
      const bytes = files.get(path);
      if (!bytes) {
        return respond(path, range, "", { status: 404, headers: { "X-Error-Code": "EntryNotFound" } });
      }
      const [, from, to] = /^bytes=(\d+)-(\d+)$/.exec(range ?? "") ?? [];
      if (!ranges || from === undefined) {
        return respond(path, range, bytes, {
          headers: { "content-length": String(bytes.length), etag: '"1"' },
        });
      }
      const end = Math.min(Number(to) + 1, bytes.length);
      if (Number(from) >= bytes.length) return respond(path, range, "", { status: 416 });
      return respond(path, range, bytes.subarray(Number(from), end), {
        status: 206,
        headers: { "content-range": `bytes ${from}-${end - 1}/${bytes.length}`, etag: '"1"' },
      });
    },
  };
}
