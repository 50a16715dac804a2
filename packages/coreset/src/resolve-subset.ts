import { adamNormalize } from "@colm/adam-normalize";
import { requireNatural } from "@colm/array";
import { FEATURE_KINDS } from "./feature-kind.ts";
import { featureMemory } from "./feature-memory.ts";
import type { Method } from "./method.ts";
import type { DefaultOptions } from "./methods/default.ts";
import {
  METRICS,
  requireOneOf,
  requirePositive,
  requireSeed,
  resolveOverflow,
  resolveQuotas,
} from "./option-checks.ts";
import { type ScoreRule, scoreMethod } from "./score-method.ts";
import { requireKernels } from "./selection-kernels.ts";
import { resolveMass, resolveSmall } from "./small-sources-option.ts";
import { subsetMethod } from "./subset-method.ts";
import type { FeatureOptions, SubsetOptions } from "./subset-options.ts";
import type { ScoreMethod, SubsetMethod } from "./subset-problem.ts";

/** Checks the settings of a method that sorts one number of each example. */
export function resolveScores(method: ScoreMethod, options: SubsetOptions): Method {
  return scoreMethod(method, resolveSplit(options));
}

/** Checks the settings of a method that compares features. */
export function resolveFeatures(
  method: SubsetMethod,
  options: FeatureOptions,
  quotaOptions: NonNullable<DefaultOptions["sources"]>["quotas"] = false,
): Method {
  const { features: kind = "static", adam = false, keep, metric = method.metric, seed } = options;
  const { weighting = method.weighting, target = "up-weighted", every, memory = {} } = options;
  requireOneOf("features", kind, FEATURE_KINDS);
  requireOneOf("metric", metric, METRICS);
  requireOneOf("weighting", weighting, ["uniform", "cluster", "matching"]);
  requireOneOf("target", target, ["up-weighted", "plain"]);
  requireKernels(options.kernels);
  if (keep !== undefined) requirePositive("keep", keep);
  if (every !== undefined) requirePositive("every", every);
  const isRemembered = kind === "remembered";
  const quotas = quotaOptions === false ? undefined : resolveQuotas(quotaOptions);
  if (method.draws) requireSeed(seed, `method "${"method" in options ? options.method : "colm"}"`);
  if (isRemembered) requireSeed(seed, "remembered features");
  if (every !== undefined && every > 1) requireSeed(seed, '"every" above 1');
  if (quotas?.strategy === "balanced") requireSeed(seed, "balanced quotas");
  return subsetMethod(method, {
    ...resolveSplit(options),
    // drawn from only where the checks above have asked for one
    seed: seed ?? 0,
    kind,
    memory: isRemembered && seed !== undefined ? featureMemory({ ...memory, seed }) : undefined,
    normalizer: adam === false ? undefined : adamNormalize(adam),
    keep,
    metric,
    kernels: options.kernels,
    weighting,
    target,
    quotas,
    every: isRemembered ? 1 : (every ?? 1),
    refresh: isRemembered ? every : undefined,
  });
}

function resolveSplit({ sources = {}, seed }: SubsetOptions): ScoreRule {
  if (seed !== undefined) requireNatural("createSelector", "seed", seed);
  const overflow = resolveOverflow(sources);
  if (overflow === "random") requireSeed(seed, "random overflow");
  const small = sources.small === undefined ? undefined : resolveSmall(sources.small);
  return {
    small: small ?? [],
    knownSources: small?.length,
    overflow,
    mass: resolveMass(sources.mass),
    seed,
  };
}
