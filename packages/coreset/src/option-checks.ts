import { describe, requirePositive as requireAtLeastOne } from "@colm/array";
import type { QuotaOptions } from "@colm/source-balance";
import type { KeptOptions } from "./small-sources-option.ts";

export const METRICS: readonly string[] = ["l1", "l2", "cosine", "dot"];

/** Requires one of some words. */
export function requireOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.some((one) => one === value)) return;
  const list = allowed.map((one) => JSON.stringify(one)).join(", ");
  throw new RangeError(`createSelector: "${name}" must be one of ${list}, got ${describe(value)}`);
}

/** Requires an integer of at least 1. */
export function requirePositive(name: string, value: unknown): asserts value is number {
  requireAtLeastOne("createSelector", name, value);
}

/** Requires a seed, for what draws at random. */
export function requireSeed(seed: number | undefined, reason: string): void {
  if (seed !== undefined) return;
  throw new TypeError(`createSelector: "seed" must be given for ${reason}, got undefined`);
}

/** The rule for small sources that fill the batch. */
export function resolveOverflow({
  overflow = "truncate",
}: Partial<KeptOptions>): KeptOptions["overflow"] & string {
  requireOneOf("sources.overflow", overflow, ["truncate", "random", "proportional"]);
  return overflow;
}

/** Strategy and rounding of shares. */
export function resolveQuotas(
  options: Omit<QuotaOptions, "seed"> = {},
): Required<Omit<QuotaOptions, "seed">> {
  const { strategy = "proportional", rounding = "floor" } = options;
  requireOneOf("sources.quotas.strategy", strategy, ["proportional", "balanced", "equal"]);
  requireOneOf("sources.quotas.rounding", rounding, ["floor", "ceil", "largest-remainder"]);
  return { strategy, rounding };
}
