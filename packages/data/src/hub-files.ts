import { type ByteSource, requireWhole, unreadable } from "./byte-source.ts";
import { type DataFormat, formatOfName } from "./data-format.ts";
import { type HubAddress, parseHubAddress } from "./hub-address.ts";

/** How the Hugging Face Hub is reached. */
export interface HubOptions {
  /** For private and gated data sets. No token by default; none is looked for in the environment. */
  readonly accessToken?: string;
  /** Another server with the same interface. */
  readonly hubUrl?: string;
  /** Another `fetch`, for a proxy or a cache. */
  readonly fetch?: typeof fetch;
}

/** A file that can be opened. */
export interface SourceFile {
  readonly name: string;
  open(): Promise<ByteSource>;
}

type Hub = typeof import("@huggingface/hub");
type Repo = { readonly type: "dataset"; readonly name: string };

/** The files of an address, by name; they are looked up, not yet read. */
export async function hubFiles(
  address: string,
  options: HubOptions,
  format: DataFormat | undefined,
): Promise<SourceFile[]> {
  const parsed = parseHubAddress(address);
  const hub = await loadHub();
  const repo: Repo = { type: "dataset", name: parsed.repo };
  const paths = isFile(parsed.path, format)
    ? [parsed.path]
    : await listPaths(hub, repo, parsed, options, address);
  return paths.map((path) => {
    const name = `hf://datasets/${parsed.repo}@${parsed.revision}/${path}`;
    return { name, open: () => openFile(hub, { repo, path, revision: parsed.revision, ...options }, name) };
  });
}

async function loadHub(): Promise<Hub> {
  return import("@huggingface/hub").catch((cause: unknown) => {
    throw new RangeError(
      'readRows: "source" hf://… must be read with the package @huggingface/hub, got none: npm install @huggingface/hub',
      { cause },
    );
  });
}

function isFile(path: string, format: DataFormat | undefined): boolean {
  if (path.includes("*")) return false;
  return formatOfName(path) !== undefined || (format !== undefined && /\.[^/]+$/.test(path));
}

async function listPaths(
  hub: Hub,
  repo: Repo,
  { path, revision }: HubAddress,
  options: HubOptions,
  address: string,
): Promise<string[]> {
  const [folder, pattern] = path.includes("*") ? splitPattern(path, address) : [path, undefined];
  const all: string[] = [];
  const place = folder === "" ? {} : { path: folder };
  try {
    // unlike downloadFile, listFiles puts a revision into its address as it stands
    const branch = encodeURIComponent(revision);
    const entries = hub.listFiles({
      repo,
      revision: branch,
      ...place,
      ...options,
      recursive: pattern === undefined,
    });
    for await (const entry of entries) if (entry.type === "file") all.push(entry.path);
  } catch (cause) {
    throw unreadable(cause, address);
  }
  const paths = all
    .filter((file) => formatOfName(file) !== undefined && (pattern?.test(file) ?? true))
    .sort((a, b) => (a < b ? -1 : 1));
  requireOneKind(paths, address, pattern === undefined);
  return paths;
}

function splitPattern(path: string, address: string): [string, RegExp] {
  const slash = path.lastIndexOf("/");
  const folder = path.slice(0, Math.max(slash, 0));
  if (folder.includes("*")) {
    throw new RangeError(`readRows: "source" must have * in its last part alone, got ${address}`);
  }
  const parts = path.split("*").map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"));
  return [folder, new RegExp(`^${parts.join("[^/]*")}$`)];
}

const SPLIT = /(?:^|[^a-z])(train|test|validation|valid|val|dev|eval)(?:[^a-z]|$)/i;

/** A folder of several splits or formats is no data set: rows of a test set must not slip into training. */
function requireOneKind(paths: readonly string[], address: string, choosing: boolean): void {
  const fix = "give a file, a folder or a pattern with *";
  if (paths.length === 0) {
    throw new RangeError(
      `readRows: "source" must have files of rows (.jsonl, .jsonl.gz, .parquet, .txt), got none at ${address}`,
    );
  }
  const kind = (path: string): string =>
    `${formatOfName(path)} ${choosing ? (SPLIT.exec(path)?.[1]?.toLowerCase() ?? "") : ""}`;
  const [first = ""] = paths;
  const other = paths.find((path) => kind(path) !== kind(first));
  if (other !== undefined) {
    throw new RangeError(
      `readRows: "source" must be files of one split and one format (${fix}), got ${first} beside ${other} at ${address}`,
    );
  }
}

type Download = { readonly repo: Repo; readonly path: string; readonly revision: string } & HubOptions;

async function openFile(hub: Hub, download: Download, name: string): Promise<ByteSource> {
  const blob = await hub.downloadFile(download).catch((cause: unknown) => {
    throw unreadable(cause, name);
  });
  if (blob === null) throw new RangeError(`readRows: "source" must be a readable file, got none at ${name}`);
  return {
    name,
    size: blob.size,
    async read(start, end) {
      const bytes = await blob
        .slice(start, end)
        .arrayBuffer()
        .catch((cause: unknown) => {
          throw unreadable(cause, name);
        });
      requireWhole(name, end - start, bytes.byteLength);
      return bytes;
    },
    async *stream() {
      let length = 0;
      const reader = blob.stream().getReader();
      try {
        for (;;) {
          const { done, value } = await reader.read().catch((cause: unknown) => {
            throw unreadable(cause, name);
          });
          if (done) break;
          length += value.length;
          yield value;
        }
      } finally {
        await reader.cancel().catch(() => undefined);
      }
      requireWhole(name, blob.size, length);
    },
    async close() {},
  };
}
