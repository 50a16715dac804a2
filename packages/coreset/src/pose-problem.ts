import type { AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import { quotas } from "@colm/source-balance";
import { aboutMean } from "./about-mean.ts";
import { drawRows } from "./draw-rows.ts";
import { kernelMatrix } from "./kernel-matrix.ts";
import type { Round } from "./method.ts";
import { historyBefore, type PoolFeatures, shapeFeatures } from "./pool-features.ts";
import type { Split } from "./split-kept.ts";
import { stepSeed } from "./step-seed.ts";
import type { SubsetRule } from "./subset-method.ts";
import type { SubsetMethod, SubsetProblem } from "./subset-problem.ts";
import { plainTarget, upweightedTarget } from "./target.ts";

/** What is left to choose by features, in rows of the features, and the way back to rows of the pool. */
export interface PosedProblem {
  readonly problem: SubsetProblem;
  /** The row of the features of each row of the pool; -1 for those that have none. */
  readonly local: Int32Array;
  /** Rows of the pool without features that are chosen so that they will be seen. */
  readonly explored: Int32Array;
  /** The up-weighted mean, whatever the target is. */
  readonly upweighted: Float64Array;
  /** The history before this step, where there is Adam space and something to normalise. */
  readonly before: AdamState | null;
}

/** Shapes features, explores what has none, and says what is left to choose. */
export function poseProblem(
  { ignoresShift }: SubsetMethod,
  rule: SubsetRule,
  { pool, step, count, history, stages }: Round,
  { kept, rest }: Split,
  { rows, raw }: PoolFeatures,
): PosedProblem {
  const local = new Int32Array(pool.positions.length).fill(-1);
  rows.forEach((row, at) => {
    local[row] = at;
  });
  const withFeatures = (some: Int32Array): Int32Array =>
    some.map((row) => local[row]).filter((at) => at >= 0);
  const room = count - kept.length;
  const unseen = rest.filter((row) => local[row] < 0);
  const explored = drawRows(unseen, Math.min(unseen.length, room), rule.seed, step);
  const before = rows.length === 0 ? null : historyBefore(rule.normalizer, history, raw, step);
  const features = stages.run(
    "features",
    () => shapeFeatures(raw, before, rule),
    (made) => (made === raw ? 0 : made.data.byteLength),
  );
  const isSmall = Array.from(rows, (row) => rule.small[pool.sources[row]] === true);
  const upweighted = upweightedTarget(isSmall, kept.length / count);
  const candidates = withFeatures(rest);
  const groups = rows.map((row) => pool.sources[row]);
  const compared = once(() => (ignoresShift && rule.metric === "dot" ? aboutMean(features) : features));
  const tables = new Map<Matrix, Float32Array>();
  const tableOf = (points: Matrix): Float32Array => {
    const table = tables.get(points) ?? stages.run("kernel", () => kernelMatrix(points, rule.metric), sizeOf);
    tables.set(points, table);
    return table;
  };
  const kernel = (): Float32Array => tableOf(compared());
  const problem: SubsetProblem = {
    features,
    compared,
    kernel,
    weighingKernel: rule.weighting === "matching" ? () => tableOf(features) : kernel,
    kept: withFeatures(kept),
    candidates,
    count: room - explored.length,
    target: rule.target === "plain" ? plainTarget(rows.length) : upweighted,
    groups,
    quotas: sharesOf(
      rule,
      candidates.map((at) => groups[at]),
      pool.sourceCount,
      room - explored.length,
      step,
    ),
    seed: stepSeed(rule.seed, step, "examples"),
  };
  return { problem, local, explored, upweighted, before };
}

/** How many candidates each source gives, where there are shares. */
function sharesOf(
  { quotas: options, seed }: SubsetRule,
  sources: Int32Array,
  sourceCount: number,
  count: number,
  step: number,
): Int32Array | undefined {
  if (options === undefined) return undefined;
  const available = new Int32Array(sourceCount);
  for (const source of sources) available[source]++;
  return quotas(available, count, { ...options, seed: stepSeed(seed, step, "quotas") });
}

function sizeOf({ byteLength }: Float32Array): number {
  return byteLength;
}

function once<Result>(work: () => Result): () => Result {
  let done: { result: Result } | undefined;
  return () => {
    done ??= { result: work() };
    return done.result;
  };
}
