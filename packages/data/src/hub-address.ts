import { describe } from "@colm/array";

/** A data set on the Hugging Face Hub, and which of its files. */
export interface HubAddress {
  /** `owner/name`. */
  readonly repo: string;
  readonly revision: string;
  /** A file, a folder, or a pattern with `*` in its last part; empty for the whole data set. */
  readonly path: string;
}

const FORM = /^hf:\/\/datasets\/([^/@]+\/[^/@]+)(?:@([^/@]+))?(?:\/(.*))?$/;

/**
 * Takes `hf://datasets/owner/name[/path][@revision]` apart; the revision may also stand behind the
 * name. A revision with slashes is written with %2F, such as `@refs%2Fconvert%2Fparquet`.
 */
export function parseHubAddress(address: string): HubAddress {
  const [, repo, early, rest = ""] = FORM.exec(address) ?? [];
  const [, path, late] = /^(.*?)(?:@([^/@]+))?$/s.exec(rest.replace(/\/+$/, "")) ?? [];
  const revision = decoded(early ?? late ?? "main");
  const isDouble = early !== undefined && late !== undefined;
  if (repo === undefined || path === undefined || revision === undefined || isDouble) {
    throw new RangeError(
      `readRows: "source" must be hf://datasets/owner/name[/path][@revision], got ${describe(address)}`,
    );
  }
  return { repo, revision, path };
}

function decoded(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    return undefined;
  }
}
