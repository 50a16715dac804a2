import { wrongKind } from "@colm/array";

/** Options that official mode does not read. */
const DEFAULT_ONLY: readonly string[] = ["features", "every", "target", "swaps", "memory"];

/**
 * Requires options of the right kind where a kind is all that would be read of them, and none that the method ignores: shares
 * are a matter of `"colm"`, and its official mode keeps all small sources and compares gradients at every step.
 */
export function requireKinds(options: object): void {
  const read = (holder: unknown, name: string): unknown => Reflect.get(Object(holder), name);
  const [sources, adam, memory] = ["sources", "adam", "memory"].map((name) => read(options, name));
  requireObject("sources", sources);
  requireObject("memory", memory);
  if (adam !== false) requireObject("adam", adam, "an object or false");
  const isColm = (read(options, "method") ?? "colm") === "colm";
  const isOfficial = isColm && read(options, "mode") === "official";
  const quotas = read(sources, "quotas");
  if (!isColm) requireAbsent("sources.quotas", quotas, 'for other methods than "colm"');
  else if (isOfficial) requireObject("sources.quotas", quotas);
  else if (quotas !== false) requireObject("sources.quotas", quotas, "an object or false");
  if (!isOfficial) return;
  requireAbsent("sources.mass", read(sources, "mass"), OFFICIAL);
  for (const name of DEFAULT_ONLY) requireAbsent(name, read(options, name), OFFICIAL);
}

const OFFICIAL = "in official mode";

function requireObject(name: string, value: unknown, kind = "an object"): void {
  if (value === undefined || (typeof value === "object" && value !== null && !isList(value))) return;
  throw wrongKind("createSelector", name, `be ${kind}`, value);
}

function requireAbsent(name: string, value: unknown, where: string): void {
  if (value !== undefined) throw wrongKind("createSelector", name, `be absent ${where}`, value);
}

function isList(value: object): boolean {
  return Array.isArray(value) || ArrayBuffer.isView(value);
}
