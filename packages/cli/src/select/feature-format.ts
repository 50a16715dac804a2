import { extname } from "node:path";
import { inputError } from "../input-error.ts";

/** How features stand in a file. */
export type FeatureFormat = "npy" | "safetensors" | "parquet" | "jsonl";

const endings: ReadonlyMap<string, FeatureFormat> = new Map([
  [".npy", "npy"],
  [".safetensors", "safetensors"],
  [".parquet", "parquet"],
  [".jsonl", "jsonl"],
]);

/** The format that a file's name ends with. */
export function formatOfPath(path: string): FeatureFormat {
  const format = endings.get(extname(path));
  if (format !== undefined) return format;
  throw inputError(`--features must be a .safetensors, .npy, .parquet or .jsonl file, or -, got "${path}"`);
}

/**
 * The format that bytes begin with. A `.safetensors` file begins with the length of its header, below 2^32, and the header, which is JSON; JSON
 * Lines may begin with a byte order mark and blank lines.
 */
export function formatOfBytes(bytes: Uint8Array): FeatureFormat {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 9));
  if (text.slice(1).startsWith("NUMPY")) return "npy";
  if (text.startsWith("PAR1")) return "parquet";
  if (text.slice(4) === "\0\0\0\0{") return "safetensors";
  if (firstLetter(bytes) === "{") return "jsonl";
  throw inputError(
    `standard input must be .safetensors, .npy, .parquet or .jsonl, got ${bytes.length} bytes that begin otherwise`,
  );
}

/** The first letter that is no white space, behind a byte order mark where there is one. */
function firstLetter(bytes: Uint8Array): string {
  const isMarked = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf;
  const at = bytes.findIndex((byte, i) => i >= (isMarked ? 3 : 0) && ![9, 10, 13, 32].includes(byte));
  return String.fromCharCode(bytes[at] ?? 0);
}
