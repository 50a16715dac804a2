import type { AdamNormalizer, AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import { type QuotaOptions, quotas } from "@colm/source-balance";
import type { Metric } from "@colm/submodular";
import { distinctRows } from "../distinct-rows.ts";
import { historyBytes } from "../history-bytes.ts";
import { type MatchingErrors, matchingErrors } from "../matching-error.ts";
import { type Medoids, medoidsBySource } from "../medoids-by-source.ts";
import { medoidsOnKernels } from "../medoids-on-kernels.ts";
import { type Choice, type Method, NOTHING, type Round } from "../method.ts";
import { gradientDimension, officialFeatures } from "../official-features.ts";
import { officialFeaturesOn } from "../official-on-kernels.ts";
import type { SelectionKernels } from "../selection-kernels.ts";
import type { KeptOptions } from "../small-sources-option.ts";
import { type SplitRule, splitKept } from "../split-kept.ts";
import type { Stages } from "../stages.ts";
import { stepSeed } from "../step-seed.ts";
import { upweightedTarget } from "../target.ts";

/** Settings of the method `"colm"` in mode `"official"`. */
export interface OfficialOptions {
  /** May be left out. */
  readonly method?: "colm";
  readonly mode: "official";
  /** Examples to choose, at least 1. */
  readonly budget: number;
  /** Which sources are small, and how the others share what is left; without it no source is small. */
  readonly sources?: Partial<KeptOptions> & {
    /** Shares of the big sources; see `quotas`. Default proportional, rounded down. */
    readonly quotas?: Omit<QuotaOptions, "seed">;
  };
  /** Constants of Adam space (default 0.9, 0.999, 1e-8), or false: the gradients as they are. */
  readonly adam?: { readonly beta1?: number; readonly beta2?: number; readonly epsilon?: number } | false;
  /**
   * `h`, coordinates kept for each source, those of largest mean; all by default. The paper keeps as many as the model is
   * wide. Without effect on estimates of one fixed direction, where all coordinates say the same.
   */
  readonly keep?: number;
  /** How features are compared; default `"l1"`. */
  readonly metric?: Metric;
  /** Weight 1 for every example (default), or in proportion to how many examples it stands for. */
  readonly weighting?: "uniform" | "cluster";
  /** Integer in [0, 2^53): needed only by balanced quotas and random overflow. */
  readonly seed?: number;
  /** What computes features and distances, such as the kernels of `@colm/kernels`; the CPU by default. */
  readonly kernels?: SelectionKernels;
  /** Clock in milliseconds for the diagnostics; none by default. */
  readonly now?: () => number;
}

/** The settings after their checks. */
export interface OfficialRule extends SplitRule {
  /** Sources that the options name. */
  readonly knownSources: number | undefined;
  readonly quotas: Omit<QuotaOptions, "seed">;
  readonly normalizer: AdamNormalizer | undefined;
  readonly keep: number | undefined;
  readonly metric: Metric;
  readonly weighting: "uniform" | "cluster";
  /** What computes features and distances; undefined: the CPU. */
  readonly kernels: SelectionKernels | undefined;
}

/** CoLM as its reference implementation computes it. */
export function officialMethod(rule: OfficialRule): Method {
  return {
    needs: { ...NOTHING, gradients: true, sources: rule.knownSources !== undefined },
    every: 1,
    knownSources: rule.knownSources,
    choose: (round) => chooseOfficially(rule, round),
  };
}

async function chooseOfficially(rule: OfficialRule, round: Round): Promise<Choice> {
  const { pool, step, count, history, stages } = round;
  const { gradients, sources, sourceCount } = pool;
  if (gradients === undefined) throw new TypeError('select: "pool.gradients" must be given, got undefined');
  const { kept, overflowed, rest } = splitKept(pool, rule, count, step);
  const members = rowsBySource(rest, sources, sourceCount);
  const shares = quotas(
    members.map((rows) => rows.length),
    count - kept.length,
    rule.seed === undefined ? rule.quotas : { ...rule.quotas, seed: stepSeed(rule.seed, step, "quotas") },
  );
  const before =
    rule.normalizer && (history ?? { ...rule.normalizer.init(gradientDimension(gradients)), step });
  // where every source gives all or nothing there is nothing to compare
  const compared = members.some((own, s) => shares[s] > 0 && shares[s] < own.length);
  const features = await featuresOf(rule, round, gradients, before ?? null, compared);
  const { rows, sizes } = await medoidsOf(rule, stages, features, members, shares);
  const chosen = Int32Array.of(...kept, ...rows);
  const weights = weigh(rule.weighting, kept.length, sizes);
  // coordinates that each source keeps for itself have no common mean: there the gradients tell
  const space = features && (hasOneSpace(rule, features, gradients) ? features : gradientSpace(gradients));
  const matching = space && errors(rule, pool, space, chosen, weights, kept.length);
  return {
    rows: chosen,
    weights,
    history: stages.run(
      "history",
      () => (before && rule.normalizer ? rule.normalizer.advance(before, gradients, rows) : null),
      historyBytes,
    ),
    kept: kept.length,
    overflowed,
    shares,
    ...(features && { distinctFeatures: distinctRows(features, rest) }),
    ...(matching && { matching }),
  };
}

async function featuresOf(
  rule: OfficialRule,
  { pool: { sources }, stages }: Round,
  gradients: NonNullable<Round["pool"]["gradients"]>,
  before: AdamState | null,
  compared: boolean,
): Promise<Matrix | undefined> {
  if (compared && rule.kernels !== undefined) {
    return officialFeaturesOn(rule.kernels, before, gradients, sources, rule, stages);
  }
  return stages.run(
    "features",
    () => (compared ? officialFeatures(before, gradients, sources, rule) : undefined),
    (made) => made?.data.byteLength ?? 0,
  );
}

async function medoidsOf(
  { kernels, metric }: OfficialRule,
  stages: Stages,
  features: Matrix | undefined,
  members: readonly Int32Array[],
  shares: Int32Array,
): Promise<Medoids> {
  const bytes = (): number => choiceBytes(members, shares, features?.shape[1] === 1);
  // scalars need no kernels
  if (kernels !== undefined && features !== undefined && features.shape[1] > 1) {
    const chosen = () => medoidsOnKernels(kernels, features, members, shares, metric);
    return stages.runOn(kernels, "choice", chosen, bytes);
  }
  return stages.run("choice", () => medoidsBySource(features, members, shares, metric), bytes);
}

/** Of the largest source that is compared, one after the other: similarities of pairs, or scalars in order with their indices. */
function choiceBytes(members: readonly Int32Array[], shares: Int32Array, isLine: boolean): number {
  const sizes = members.map((own, s) => (shares[s] > 0 && shares[s] < own.length ? own.length : 0));
  const largest = Math.max(0, ...sizes);
  return isLine ? 12 * largest : 4 * largest ** 2;
}

/** Whether features of different sources lie in one space: one number each, or all coordinates. */
function hasOneSpace(
  { keep }: OfficialRule,
  { shape }: Matrix,
  gradients: NonNullable<Round["pool"]["gradients"]>,
): boolean {
  return shape[1] === 1 || keep === undefined || keep === gradientDimension(gradients);
}

/**
 * Rows that lie to one another as the gradients do: these themselves, or coefficients of directions, which are near orthogonal and
 * near equally long: scalar products are off by about `sqrt(q / d)` of the lengths.
 */
function gradientSpace(gradients: NonNullable<Round["pool"]["gradients"]>): Matrix {
  return "coefficients" in gradients ? gradients.coefficients : gradients;
}

function errors(
  { small }: OfficialRule,
  { sources }: Round["pool"],
  space: Matrix,
  chosen: Int32Array,
  weights: Float32Array,
  kept: number,
): MatchingErrors | undefined {
  const isSmall = Array.from(sources, (source) => small[source] === true);
  const upweighted = upweightedTarget(isSmall, kept / chosen.length);
  return matchingErrors(space, chosen, weights, upweighted);
}

function rowsBySource(rows: Int32Array, sources: Int32Array, sourceCount: number): Int32Array[] {
  const members = Array.from({ length: sourceCount }, (): number[] => []);
  for (const row of rows) members[sources[row]].push(row);
  return members.map((own) => Int32Array.from(own));
}

/** Cluster sizes, a kept example standing for itself, scaled to the sum that uniform weights have. */
function weigh(weighting: "uniform" | "cluster", kept: number, sizes: readonly number[]): Float32Array {
  const weights = new Float32Array(kept + sizes.length).fill(1);
  if (weighting === "uniform") return weights;
  weights.set(sizes, kept);
  const mass = weights.reduce((sum, weight) => sum + weight, 0);
  return weights.map((weight) => (weight * weights.length) / mass);
}
