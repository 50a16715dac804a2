import { access, glob, readFile } from "node:fs/promises";
import { join } from "node:path";

export interface Manifest {
  readonly name: string;
  readonly version?: string;
  readonly private?: boolean;
  readonly bin?: Readonly<Record<string, string>>;
  readonly scripts?: Readonly<Record<string, string>>;
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
  readonly peerDependenciesMeta?: Readonly<Record<string, { readonly optional?: boolean }>>;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
  readonly devDependencies?: Readonly<Record<string, string>>;
}

export interface WorkspacePackage {
  readonly name: string;
  /** Relative to the root, as in `packages/array`. */
  readonly folder: string;
  readonly manifest: Manifest;
}

/** The packages under `packages/`, by folder name. */
export async function workspacePackages(root: string): Promise<WorkspacePackage[]> {
  const found: WorkspacePackage[] = [];
  for (const path of await filesMatching(root, "packages/*/package.json")) {
    const manifest: Manifest = JSON.parse(await readFile(join(root, path), "utf8"));
    found.push({ name: manifest.name, folder: path.slice(0, -"/package.json".length), manifest });
  }
  return found;
}

/** Paths relative to `root`, sorted; nothing inside `node_modules` or `dist`. */
export async function filesMatching(root: string, ...patterns: string[]): Promise<string[]> {
  const found: string[] = [];
  const exclude = (path: string): boolean => /(^|\/)(node_modules|dist)(\/|$)/.test(path);
  for await (const path of glob(patterns, { cwd: root, exclude })) found.push(path);
  return found.sort();
}

export async function exists(path: string): Promise<boolean> {
  return access(path).then(
    () => true,
    () => false,
  );
}
