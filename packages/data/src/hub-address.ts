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

/** Takes `hf://datasets/owner/name[/path][@revision]` apart; the revision may also stand behind the name. */
export function parseHubAddress(address: string): HubAddress {
  const [, repo, early, rest = ""] = FORM.exec(address) ?? [];
  const [, path, late] = /^(.*?)(?:@([^/@]+))?$/s.exec(rest.replace(/\/+$/, "")) ?? [];
  if (repo === undefined || path === undefined || (early !== undefined && late !== undefined)) {
    throw new RangeError(
      `readRows: "source" must be hf://datasets/owner/name[/path][@revision], got ${describe(address)}`,
    );
  }
  return { repo, revision: early ?? late ?? "main", path };
}
