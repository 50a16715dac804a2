import { describe } from "@colm/array";
import { type BoundaryOptions, smallSources } from "@colm/source-balance";

/** Examples per source of the whole data set and the rule that draws the line; see `smallSources`. */
export interface SmallByCounts extends BoundaryOptions {
  /** One entry per source. */
  readonly counts: ArrayLike<number>;
}

/** How small sources are named and what happens when they fill the batch. */
export interface KeptOptions {
  /** One boolean per source, such as `smallSources` returns, or the counts and the rule to compute them by. */
  readonly small: readonly boolean[] | SmallByCounts;
  /**
   * Who stays when the pool brings more examples of small sources than the budget: the first (`"truncate"`, default),
   * random ones, or a proportional share of each source; see `trimKept`.
   */
  readonly overflow?: "truncate" | "random" | "proportional";
}

/** How much of the batch small sources may take. */
export interface MassOption {
  /**
   * Small sources' share of the batch: a number in [0, 1], as far as the pool brings so many of them, or `"all"` (default): every
   * example of theirs. Where the others cannot fill the batch, small sources take more.
   */
  readonly mass?: number | "all";
}

/** The share as a number. */
export function resolveMass(mass: MassOption["mass"] = "all"): number {
  if (mass === "all") return 1;
  if (typeof mass !== "number") {
    throw new TypeError(`createSelector: "sources.mass" must be a number or "all", got ${describe(mass)}`);
  }
  if (!(mass >= 0 && mass <= 1)) {
    throw new RangeError(`createSelector: "sources.mass" must be in [0, 1] or "all", got ${mass}`);
  }
  return mass;
}

/** One boolean per source. */
export function resolveSmall(small: KeptOptions["small"]): readonly boolean[] {
  if (!isList(small)) {
    if (typeof small !== "object" || small === null || !("counts" in small)) {
      throw new TypeError(
        `createSelector: "sources.small" must be booleans or { counts, rule, value }, got ${describe(small)}`,
      );
    }
    const { counts, ...options } = small;
    return smallSources(counts, options);
  }
  const wrong = small.findIndex((entry) => typeof entry !== "boolean");
  if (wrong >= 0) {
    throw new TypeError(
      `createSelector: "sources.small" must hold booleans, got ${describe(small[wrong])} at ${wrong}`,
    );
  }
  return [...small];
}

function isList(small: KeptOptions["small"]): small is readonly boolean[] {
  return Array.isArray(small);
}
