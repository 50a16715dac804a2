import {
  createSelector,
  type FeatureMemoryState,
  type Pool,
  type SelectionResult,
  type Selector,
  type SelectorOptions,
  type SelectorState,
} from "@colm/coreset";
import type { RecordedGradients, RecordedPool } from "./record-pools.ts";

export const BUDGET = 64;
const SEED = 5;

/** A method with what it reads of a pool. */
export interface Contender {
  readonly name: string;
  readonly selector: Selector;
  readonly read: (pool: RecordedPool) => Pool;
}

/** All methods; every one but `random` and `herding_free` keeps the small sources. */
export function contenders(small: readonly boolean[]): Contender[] {
  const sources = { small };
  const settings = { budget: BUDGET, seed: SEED, sources } as const;
  const herding = { ...settings, mode: "default" } as const;
  const exact = (pool: RecordedPool): Pool => ({ gradients: pool.gradients, sources: pool.sources });
  const scores = ({ losses, lengths, confidences, sources }: RecordedPool): Pool => ({
    losses,
    lengths,
    confidences,
    sources,
  });
  const make = (name: string, options: SelectorOptions, read: Contender["read"]): Contender => ({
    name,
    selector: createSelector(options),
    read,
  });
  const byFeatures = [
    "facility-location",
    "herding",
    "gram-schmidt-walk",
    "grad-match",
    "craig",
    "grad-norm",
  ] as const;
  const byScores = [
    "big-loss",
    "small-loss",
    "middle-perplexity",
    "completion-length",
    "least-confidence",
  ] as const;
  return [
    make("official", { ...settings, mode: "official" }, ({ oneDirection, losses, sources }) => ({
      gradients: oneDirection,
      losses,
      sources,
    })),
    make("default", herding, ({ staticFeatures, sources }) => ({ features: staticFeatures, sources })),
    make("default_spsa8", { ...herding, features: "spsa" }, ({ eightDirections, sources }) => ({
      gradients: eightDirections,
      sources,
    })),
    make("default_last_block", { ...herding, features: "last-block" }, ({ lastBlock, sources }) => ({
      gradients: lastBlock,
      sources,
    })),
    make("random", { method: "random", budget: BUDGET, seed: SEED }, ({ sources }) => ({ sources })),
    make("keep_random", { ...settings, method: "keep-random" }, ({ sources }) => ({ sources })),
    ...[...byFeatures, "kmeans-centres" as const].map((method) =>
      make(method.replaceAll("-", "_"), { ...settings, method, features: "last-value" }, exact),
    ),
    ...byScores.map((method) => make(method.replaceAll("-", "_"), { ...settings, method }, scores)),
    make("herding_free", { budget: BUDGET, method: "herding", features: "last-value" }, exact),
    make("herding_greedy", { ...herding, features: "last-value", swaps: false }, exact),
    make("herding_weighted", { ...herding, features: "last-value", weighting: "matching" }, exact),
  ];
}

/** The selections of a method over pools in their order, the state going from one to the next. */
export async function selectAll(
  { selector, read }: Contender,
  pools: readonly RecordedPool[],
): Promise<SelectionResult[]> {
  const results: SelectionResult[] = [];
  let state: SelectorState = selector.init();
  for (const pool of pools) {
    const result = await selector.select(state, read(pool));
    results.push(result);
    state = result.state;
  }
  return results;
}

/** Default mode on sketches of what an older model's gradients were: each pool from a memory of that alone. */
export async function selectRemembered(
  small: readonly boolean[],
  pools: readonly RecordedPool[],
  older: readonly RecordedGradients[],
): Promise<SelectionResult[]> {
  const selector = createSelector({
    mode: "default",
    features: "remembered",
    budget: BUDGET,
    seed: SEED,
    sources: { small },
  });
  let memory: FeatureMemoryState | undefined;
  for (const { ids, gradients } of older) {
    const state = { ...selector.init(), ...(memory && { memory }) };
    memory = selector.remember(state, { ids, gradients }).memory;
  }
  const state = { ...selector.init(), ...(memory && { memory }) };
  return Promise.all(pools.map(({ ids, sources }) => selector.select(state, { ids, sources })));
}
