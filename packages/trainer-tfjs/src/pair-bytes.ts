import type { ResolvedOptions } from "./resolve-options.ts";

const FLOAT = 4;
/** Methods that hold the similarities of all pairs; the others do where they weigh by clusters or by matching. */
const COMPARING: readonly string[] = [
  "facility-location",
  "herding",
  "gram-schmidt-walk",
  "grad-match",
  "craig",
];
const BY_FEATURES: readonly string[] = [...COMPARING, "grad-norm", "kmeans-centres"];

/**
 * The most bytes that similarities take: `4 n^2` of a pool of n for methods that compare pairs, `12 n` for scalars of one direction, which
 * are put in order instead. Of the official mode an upper bound: it compares within each source.
 */
export function pairBytes({ method, pool, selection }: ResolvedOptions): number {
  const { mode, features = "spsa", directions = 1, fresh = false, adam, weighting = "uniform" } = selection;
  const table = FLOAT * pool ** 2;
  if (method !== "colm") {
    const isWeighed = weighting !== "uniform" && BY_FEATURES.includes(method);
    return COMPARING.includes(method) || isWeighed ? table : 0;
  }
  if (mode === "default") return table;
  const isLine = features === "spsa" && directions === 1 && (!fresh || adam === false);
  return isLine ? 12 * pool : table;
}
