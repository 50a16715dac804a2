import { permutation } from "@colm/array";
import { type QuotaOptions, quotas } from "@colm/source-balance";
import type { Metric } from "@colm/submodular";
import { distinctRows } from "./distinct-rows.ts";
import type { FeatureKind } from "./feature-kind.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { kernelMatrix } from "./kernel-matrix.ts";
import { matchingErrors } from "./matching-error.ts";
import { type Choice, type Method, NOTHING, type Round } from "./method.ts";
import type { FeatureRule } from "./official-features.ts";
import { historyBefore, readFeatures, shapeFeatures } from "./pool-features.ts";
import { type Split, type SplitRule, splitKept } from "./split-kept.ts";
import { stepSeed } from "./step-seed.ts";
import type { SubsetMethod, SubsetProblem, Weighting } from "./subset-problem.ts";
import { plainTarget, upweightedTarget } from "./target.ts";
import { weigh } from "./weigh.ts";

/** Settings of a method by features after their checks; each is a switch of its own. */
export interface SubsetRule extends SplitRule, FeatureRule {
  readonly knownSources: number | undefined;
  readonly kind: FeatureKind;
  /** The memory of remembered features. */
  readonly memory: FeatureMemory | undefined;
  readonly metric: Metric;
  readonly weighting: Weighting;
  readonly target: "plain" | "up-weighted";
  /** Shares of the big sources; undefined: one choice for all of them together. */
  readonly quotas: Omit<QuotaOptions, "seed"> | undefined;
  /** What draws at random. */
  readonly seed: number;
  /** A choice by features every so many steps, by chance in between. */
  readonly every: number;
  /** How often a memory wants gradients of its pool; undefined: never. */
  readonly refresh: number | undefined;
}

/** Examples of small sources, and of the others those that `method` chooses by their features. */
export function subsetMethod(method: SubsetMethod, rule: SubsetRule): Method {
  const { kind, memory, every, refresh } = rule;
  const isPass = kind === "last-block" || kind === "last-value" || kind === "spsa";
  return {
    needs: {
      ...NOTHING,
      gradients: isPass,
      features: kind === "static",
      ids: kind === "remembered",
      sources: rule.knownSources !== undefined,
      kind,
    },
    every,
    knownSources: rule.knownSources,
    ...(memory && { memory }),
    ...(refresh !== undefined && { refresh }),
    choose(round) {
      const { pool, count, step } = round;
      const split = round.stages.run("choice", () => splitKept(pool, rule, count, step));
      return step % every === 0
        ? chooseSubset(method, rule, round, split)
        : chooseByChance(rule, round, split);
    },
  };
}

/** What `keep-random` does: no features are read. */
function chooseByChance({ seed }: SubsetRule, { pool, count, step, ...held }: Round, split: Split): Choice {
  const { kept, overflowed, rest } = split;
  const drawn = draw(rest, count - kept.length, seed, step);
  return {
    rows: Int32Array.of(...kept, ...drawn),
    weights: new Float32Array(count).fill(1),
    history: held.history,
    ...(held.memory && { memory: held.memory }),
    kept: kept.length,
    overflowed,
  };
}

function chooseSubset(method: SubsetMethod, rule: SubsetRule, round: Round, split: Split): Choice {
  const { pool, step, count, history, stages } = round;
  const { kept, overflowed, rest } = split;
  const read = stages.run(rule.memory ? "memory" : "features", () => readFeatures(round, rule.memory));
  const { rows, raw, memory, recall } = read;
  const local = new Int32Array(pool.positions.length).fill(-1);
  rows.forEach((row, at) => {
    local[row] = at;
  });
  const withFeatures = (some: Int32Array): Int32Array =>
    some.map((row) => local[row]).filter((at) => at >= 0);
  const unseen = rest.filter((row) => local[row] < 0);
  const explored = draw(unseen, Math.min(unseen.length, count - kept.length), rule.seed, step);
  const before = historyBefore(rule.normalizer, history, raw, step);
  const features = stages.run(
    "features",
    () => shapeFeatures(raw, before, rule),
    ({ data }) => data.byteLength,
  );
  const isSmall = Array.from(rows, (row) => rule.small[pool.sources[row]] === true);
  const upweighted = upweightedTarget(isSmall, kept.length / count);
  const candidates = withFeatures(rest);
  const wanted = count - kept.length - explored.length;
  const groups = rows.map((row) => pool.sources[row]);
  const shares = rule.quotas && sharesOf(rule, candidates, groups, pool.sourceCount, wanted, step);
  const problem: SubsetProblem = {
    features,
    kernel: once(() =>
      stages.run(
        "kernel",
        () => kernelMatrix(features, rule.metric),
        ({ byteLength }) => byteLength,
      ),
    ),
    kept: withFeatures(kept),
    candidates,
    count: wanted,
    target: rule.target === "plain" ? plainTarget(rows.length) : upweighted,
    groups,
    quotas: shares,
    seed: stepSeed(rule.seed, step, "examples"),
  };
  const { chosen, weights } = stages.run("choice", () => solve(method, rule.weighting, problem));
  const compared = Int32Array.of(...problem.kept, ...chosen);
  const matching = matchingErrors(features, compared, weights, upweighted);
  const all = Int32Array.of(...kept, ...explored, ...chosen.map((at) => rows[at]));
  // what has no features weighs 1
  const weightOf = new Map(Array.from(compared, (at, t) => [at, weights[t]]));
  return {
    rows: all,
    weights: Float32Array.from(all, (row) => weightOf.get(local[row]) ?? 1),
    history: stages.run("history", () =>
      before && rule.normalizer && rows.length > 0 ? rule.normalizer.advance(before, raw, chosen) : history,
    ),
    kept: kept.length,
    overflowed,
    distinctFeatures: distinctRows(features, candidates),
    ...(shares && { shares }),
    ...(matching && { matching }),
    ...(memory && { memory }),
    ...(recall && { recall: { ...recall, explored: explored.length } }),
  };
}

/** Asks the method where there is something to choose, and weighs. */
function solve(
  method: SubsetMethod,
  weighting: Weighting,
  problem: SubsetProblem,
): { chosen: Int32Array; weights: Float32Array } {
  const { candidates, count } = problem;
  const isOpen = count > 0 && count < candidates.length;
  const chosen = isOpen ? Int32Array.from(method.choose(problem)) : candidates.slice(0, count);
  return { chosen, weights: weigh(weighting, problem, chosen) };
}

/** The first `count` rows of a random order. */
function draw(rows: Int32Array, count: number, seed: number, step: number): Int32Array {
  const order = permutation(rows.length, { seed: stepSeed(seed, step, "examples") });
  return order.subarray(0, count).map((at) => rows[at]);
}

/** How many candidates each source gives. */
function sharesOf(
  { quotas: options, seed }: SubsetRule,
  candidates: Int32Array,
  sources: Int32Array,
  sourceCount: number,
  count: number,
  step: number,
): Int32Array {
  const available = new Int32Array(sourceCount);
  for (const row of candidates) available[sources[row]]++;
  return quotas(available, count, { ...options, seed: stepSeed(seed, step, "quotas") });
}

function once<Result>(work: () => Result): () => Result {
  let done: { result: Result } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}
