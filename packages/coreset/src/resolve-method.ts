import { adamNormalize } from "@colm/adam-normalize";
import { describe, requireNatural } from "@colm/array";
import type { Method } from "./method.ts";
import { type KeepRandomOptions, keepRandomMethod } from "./methods/keep-random.ts";
import { type OfficialOptions, officialMethod } from "./methods/official.ts";
import { randomMethod } from "./methods/random.ts";
import type { SelectorOptions } from "./selector.ts";
import { type KeptOptions, resolveSmall } from "./small-sources-option.ts";

/** Checks the options and makes the method they name. */
export function resolveMethod(options: SelectorOptions): Method {
  requireOneOf("method", options.method ?? "colm", ["colm", "random", "keep-random"]);
  if (options.seed !== undefined) requireNatural("createSelector", "seed", options.seed);
  if (options.method === "random") {
    requireNatural("createSelector", "seed", options.seed);
    return randomMethod({ seed: options.seed });
  }
  return options.method === "keep-random" ? resolveKeepRandom(options) : resolveOfficial(options);
}

function resolveKeepRandom({ seed, sources }: KeepRandomOptions): Method {
  requireNatural("createSelector", "seed", seed);
  if (sources?.small === undefined) {
    throw new TypeError('createSelector: "sources.small" must be given for "keep-random", got undefined');
  }
  return keepRandomMethod({ small: resolveSmall(sources.small), overflow: resolveOverflow(sources), seed });
}

function resolveOfficial(options: OfficialOptions): Method {
  const { mode, sources = {}, adam = {}, keep, metric = "l1", weighting = "uniform", seed } = options;
  requireOneOf("mode", mode, ["official"]);
  requireOneOf("metric", metric, ["l1", "l2", "cosine", "dot"]);
  requireOneOf("weighting", weighting, ["uniform", "cluster"]);
  if (keep !== undefined) requireNatural("createSelector", "keep", keep);
  if (keep === 0) throw new RangeError('createSelector: "keep" must be at least 1, got 0');
  const { strategy = "proportional", rounding = "floor" } = sources.quotas ?? {};
  requireOneOf("sources.quotas.strategy", strategy, ["proportional", "balanced", "equal"]);
  requireOneOf("sources.quotas.rounding", rounding, ["floor", "ceil"]);
  const overflow = resolveOverflow(sources);
  if (seed === undefined && (strategy === "balanced" || overflow === "random")) {
    const reason = strategy === "balanced" ? "balanced quotas" : "random overflow";
    throw new TypeError(`createSelector: "seed" must be given for ${reason}, got undefined`);
  }
  const small = sources.small === undefined ? undefined : resolveSmall(sources.small);
  return officialMethod({
    small: small ?? [],
    knownSources: small?.length,
    overflow,
    quotas: { strategy, rounding },
    normalizer: adam === false ? undefined : adamNormalize(adam),
    keep,
    metric,
    weighting,
    seed,
  });
}

function resolveOverflow({ overflow = "truncate" }: Partial<KeptOptions>): KeptOptions["overflow"] & string {
  requireOneOf("sources.overflow", overflow, ["truncate", "random", "proportional"]);
  return overflow;
}

function requireOneOf(name: string, value: unknown, allowed: readonly string[]): void {
  if (allowed.some((one) => one === value)) return;
  const list = allowed.map((one) => JSON.stringify(one)).join(", ");
  const condition = allowed.length === 1 ? list : `one of ${list}`;
  throw new RangeError(`createSelector: "${name}" must be ${condition}, got ${describe(value)}`);
}
