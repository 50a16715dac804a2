import type { AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import type { QuotaOptions } from "@colm/source-balance";
import type { Metric } from "@colm/submodular";
import { distinctRows } from "./distinct-rows.ts";
import type { FeatureKind } from "./feature-kind.ts";
import type { FeatureMemory } from "./feature-memory.ts";
import { historyBytes } from "./history-bytes.ts";
import { kernelMatrixOn } from "./kernel-matrix.ts";
import { matchingErrors } from "./matching-error.ts";
import { type Choice, type Method, NOTHING, type Round } from "./method.ts";
import { fillAtRandom } from "./methods/keep-random.ts";
import type { FeatureRule } from "./official-features.ts";
import { readFeatures } from "./pool-features.ts";
import { poseProblem } from "./pose-problem.ts";
import type { SelectionKernels } from "./selection-kernels.ts";
import { type Split, type SplitRule, splitKept } from "./split-kept.ts";
import type { Stages } from "./stages.ts";
import type { SubsetMethod, SubsetProblem, Weighting } from "./subset-problem.ts";
import { weigh } from "./weigh.ts";

/** Settings of a method by features after their checks; each is a switch of its own. */
export interface SubsetRule extends SplitRule, FeatureRule {
  readonly knownSources: number | undefined;
  readonly kind: FeatureKind;
  /** The memory of remembered features. */
  readonly memory: FeatureMemory | undefined;
  readonly metric: Metric;
  /** What compares all pairs; undefined: the CPU. */
  readonly kernels: SelectionKernels | undefined;
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
      if (step % every !== 0) return fillAtRandom(split, round, rule.seed);
      return chooseSubset(method, rule, round, split);
    },
  };
}

async function chooseSubset(
  method: SubsetMethod,
  rule: SubsetRule,
  round: Round,
  split: Split,
): Promise<Choice> {
  const { history, stages } = round;
  const { kept, overflowed } = split;
  const source = stages.run(
    rule.memory ? "memory" : "features",
    () => readFeatures(round, rule.memory),
    ({ recall, raw }) => (recall && "data" in raw ? raw.data.byteLength : 0),
  );
  const { rows, raw, memory, recall } = source;
  const posed = poseProblem(method, rule, round, split, source);
  const { local, explored, upweighted, before } = posed;
  const problem = await withKernels(posed.problem, method, rule, stages);
  const { chosen, weights } = stages.run("choice", () => solve(method, rule.weighting, problem));
  const compared = Int32Array.of(...problem.kept, ...chosen);
  const matching = matchingErrors(problem.features, compared, weights, upweighted);
  const all = Int32Array.of(...kept, ...explored, ...chosen.map((at) => rows[at]));
  // what has no features weighs 1
  const weightOf = new Map(Array.from(compared, (at, t) => [at, weights[t]]));
  const advance = (): AdamState | null =>
    before && rule.normalizer ? rule.normalizer.advance(before, raw, chosen) : history;
  return {
    rows: all,
    weights: Float32Array.from(all, (row) => weightOf.get(local[row]) ?? 1),
    history: stages.run("history", advance, historyBytes),
    kept: kept.length,
    overflowed,
    distinctFeatures: distinctRows(problem.features, problem.candidates),
    ...(problem.quotas && { shares: problem.quotas }),
    ...(matching && { matching }),
    ...(memory && { memory }),
    ...(recall && { recall: { ...recall, explored: explored.length } }),
  };
}

/** The problem with a kernel that kernels have computed, where some are given; computed only where it will be read. */
async function withKernels(
  problem: SubsetProblem,
  method: SubsetMethod,
  { kernels, metric, weighting }: SubsetRule,
  stages: Stages,
): Promise<SubsetProblem> {
  if (kernels === undefined) return problem;
  const { features, kept, count } = problem;
  const isRead =
    (method.comparesPairs && isOpen(problem)) || (weighting !== "uniform" && kept.length + count > 0);
  if (!isRead) return { ...problem, kernel: unasked, weighingKernel: unasked };
  const tableOf = (points: Matrix): Promise<Float32Array> =>
    stages.runOn(
      kernels,
      "kernel",
      () => kernelMatrixOn(kernels, points, metric),
      ({ byteLength }) => byteLength,
    );
  const compared = problem.compared();
  const table = await tableOf(compared);
  const weighs = compared === features || weighting !== "matching" ? table : await tableOf(features);
  return { ...problem, kernel: () => table, weighingKernel: () => weighs };
}

function unasked(): never {
  throw new Error("a method that compares pairs must say so");
}

/** Whether there is something to choose. */
function isOpen({ candidates, count }: SubsetProblem): boolean {
  return count > 0 && count < candidates.length;
}

/** Asks the method where there is something to choose, and weighs. */
function solve(
  method: SubsetMethod,
  weighting: Weighting,
  problem: SubsetProblem,
): { chosen: Int32Array; weights: Float32Array } {
  const { candidates, count } = problem;
  const chosen = isOpen(problem) ? Int32Array.from(method.choose(problem)) : candidates.slice(0, count);
  return { chosen, weights: weigh(weighting, problem, chosen) };
}
