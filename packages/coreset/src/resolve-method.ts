import { adamNormalize } from "@colm/adam-normalize";
import { requireNatural } from "@colm/array";
import type { Method } from "./method.ts";
import { bigLoss } from "./methods/big-loss.ts";
import { completionLength } from "./methods/completion-length.ts";
import { craig } from "./methods/craig.ts";
import { type DefaultOptions, herdingWith } from "./methods/default.ts";
import { facilityLocation } from "./methods/facility-location.ts";
import { gradMatch } from "./methods/grad-match.ts";
import { gradNorm } from "./methods/grad-norm.ts";
import { gramSchmidtWalk } from "./methods/gram-schmidt-walk.ts";
import { herding } from "./methods/herding.ts";
import { type KeepRandomOptions, keepRandomMethod } from "./methods/keep-random.ts";
import { kmeansCentres } from "./methods/kmeans-centres.ts";
import { leastConfidence } from "./methods/least-confidence.ts";
import { middlePerplexity } from "./methods/middle-perplexity.ts";
import { type OfficialOptions, officialMethod } from "./methods/official.ts";
import { randomMethod } from "./methods/random.ts";
import { smallLoss } from "./methods/small-loss.ts";
import {
  METRICS,
  requireOneOf,
  requirePositive,
  requireSeed,
  resolveOverflow,
  resolveQuotas,
} from "./option-checks.ts";
import { requireKinds } from "./option-kinds.ts";
import { resolveFeatures, resolveScores } from "./resolve-subset.ts";
import { requireKernels } from "./selection-kernels.ts";
import type { SelectorOptions } from "./selector.ts";
import { resolveMass, resolveSmall } from "./small-sources-option.ts";

const METHODS: readonly string[] = [
  "colm",
  "random",
  "keep-random",
  "facility-location",
  "herding",
  "gram-schmidt-walk",
  "grad-match",
  "craig",
  "big-loss",
  "small-loss",
  "grad-norm",
  "middle-perplexity",
  "completion-length",
  "least-confidence",
  "kmeans-centres",
];

/** Checks the options and makes the method they name. */
export function resolveMethod(options: SelectorOptions): Method {
  requireOneOf("method", options.method === undefined ? "colm" : options.method, METHODS);
  requireKinds(options);
  if (options.seed !== undefined) requireNatural("createSelector", "seed", options.seed);
  switch (options.method) {
    case "random":
      requireNatural("createSelector", "seed", options.seed);
      return randomMethod({ seed: options.seed });
    case "keep-random":
      return resolveKeepRandom(options);
    case "facility-location":
      return resolveFeatures(facilityLocation, options);
    case "herding":
      return resolveFeatures(herding, options);
    case "gram-schmidt-walk":
      return resolveFeatures(gramSchmidtWalk, options);
    case "grad-match":
      return resolveFeatures(gradMatch, options);
    case "craig":
      return resolveFeatures(craig, options);
    case "grad-norm":
      return resolveFeatures(gradNorm, options);
    case "kmeans-centres":
      return resolveFeatures(kmeansCentres, options);
    case "big-loss":
      return resolveScores(bigLoss, options);
    case "small-loss":
      return resolveScores(smallLoss, options);
    case "middle-perplexity":
      return resolveScores(middlePerplexity, options);
    case "completion-length":
      return resolveScores(completionLength, options);
    case "least-confidence":
      return resolveScores(leastConfidence, options);
    default:
      requireOneOf("mode", options.mode, ["official", "default"]);
      return options.mode === "official" ? resolveOfficial(options) : resolveDefault(options);
  }
}

function resolveKeepRandom({ seed, sources }: KeepRandomOptions): Method {
  requireNatural("createSelector", "seed", seed);
  if (sources?.small === undefined) {
    throw new TypeError('createSelector: "sources.small" must be given for "keep-random", got undefined');
  }
  const mass = resolveMass(sources.mass);
  return keepRandomMethod({
    small: resolveSmall(sources.small),
    overflow: resolveOverflow(sources),
    mass,
    seed,
  });
}

function resolveDefault(options: DefaultOptions): Method {
  const { swaps = true, sources } = options;
  if (typeof swaps !== "boolean") {
    throw new TypeError(`createSelector: "swaps" must be a boolean, got ${String(swaps)}`);
  }
  return resolveFeatures(herdingWith(swaps), options, sources?.quotas);
}

function resolveOfficial(options: OfficialOptions): Method {
  const { sources = {}, adam = {}, keep, metric = "l1", weighting = "uniform", kernels, seed } = options;
  requireKernels(kernels);
  requireOneOf("metric", metric, METRICS);
  requireOneOf("weighting", weighting, ["uniform", "cluster"]);
  if (keep !== undefined) requirePositive("keep", keep);
  const quotas = resolveQuotas(sources.quotas);
  const overflow = resolveOverflow(sources);
  if (quotas.strategy === "balanced") requireSeed(seed, "balanced quotas");
  if (overflow === "random") requireSeed(seed, "random overflow");
  const small = sources.small === undefined ? undefined : resolveSmall(sources.small);
  return officialMethod({
    small: small ?? [],
    knownSources: small?.length,
    overflow,
    quotas,
    normalizer: adam === false ? undefined : adamNormalize(adam),
    keep,
    metric,
    weighting,
    kernels,
    seed,
  });
}
