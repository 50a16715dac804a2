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

/** The format that bytes begin with; a `.safetensors` file begins with the length of its header, which is JSON. */
export function formatOfBytes(bytes: Uint8Array): FeatureFormat {
  const text = new TextDecoder("latin1").decode(bytes.subarray(0, 9));
  if (text.slice(1).startsWith("NUMPY")) return "npy";
  if (text.startsWith("PAR1")) return "parquet";
  if (text.startsWith("{")) return "jsonl";
  if (text[8] === "{") return "safetensors";
  throw inputError(
    `standard input must be .safetensors, .npy, .parquet or .jsonl, got ${bytes.length} bytes that begin otherwise`,
  );
}
