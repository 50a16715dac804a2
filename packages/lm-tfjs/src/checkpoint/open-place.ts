import type { HubOptions } from "@colm/data";
import type { Files } from "./files.ts";
import { folder } from "./folder.ts";
import { hubFiles } from "./hub-files.ts";
import { urlFiles } from "./url-files.ts";

/**
 * The files of a place: the path of a folder (Node.js), `hf://owner/name` on the Hugging Face Hub, an `https:` address, or the files
 * themselves.
 */
export async function openPlace(source: string | Files, options: HubOptions = {}): Promise<Files> {
  if (typeof source !== "string") return source;
  if (source.startsWith("hf://")) return hubFiles(source, options);
  return /^https?:\/\//.test(source) ? urlFiles(source, options) : folder(source);
}
