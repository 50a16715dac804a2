import { type Matrix, matrix, permutation } from "@colm/array";
import {
  createSelector,
  featureAgreement,
  type OfficialOptions,
  overlap,
  type Pool,
  type SelectionResult,
} from "@colm/coreset";
import { collate, type Example } from "@colm/data";
import {
  addLora,
  type CausalLM,
  chooseBackend,
  forwardPool,
  lastValueGradients,
  lastValueSpsa,
} from "@colm/lm-tfjs";
import type { DirectionalGradients } from "@colm/spsa";
import { train, trainingSources } from "@colm/trainer-tfjs";
import { builtInData, openBaseModel } from "../start/built-in-job.ts";
import { measure } from "./matching/errors.ts";
import { mean } from "./train/mean.ts";

const POOL = 128;
const BUDGET = 64;
const POOLS = 8;
const SEED = 3;
const UPDATES = 20;
const DIRECTIONS = [1, 4, 16, 64];
const EPSILONS = [1e-4, 1e-3, 1e-2, 1e-1];
/** Directions at which epsilon is varied. */
const AT = 16;

/** A pool with its exact gradients and its estimates by name. */
interface Recorded {
  readonly sources: Int32Array;
  /** Exact ones. */
  readonly gradients: Matrix;
  readonly estimates: ReadonlyMap<string, DirectionalGradients>;
}

/**
 * How much the constants of official mode move its choice, on pools of the built-in mixture in fine-tuning.
 *
 * `directions_Q_*`, `epsilon_E_*`: zeroth-order gradients (Q fresh directions; 16 at that epsilon) beside exact ones of the last V
 * projection: `cosine` and `spearman` of the distances of all pairs, `overlap` of the two choices (Jaccard). `keep_*`, `beta_*`, `metric_*`:
 * official mode on exact gradients with one constant changed, its `overlap` with the defaults (hidden size, 0.9 and 0.999, L1) and its
 * `error` to the up-weighted mean. `random_overlap`: two random choices that keep small sources. Means over the pools.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const model = await openBaseModel();
  const { trainDataset } = builtInData(model, SEED);
  addLora(model, { rank: 16, alpha: 32, targets: ["q_proj", "k_proj", "v_proj", "o_proj"], seed: SEED });
  await fineTune(model, trainDataset);
  const { ids, small } = await trainingSources(trainDataset);
  const order = permutation(trainDataset.length, { seed: SEED });
  const pools: Recorded[] = [];
  for (let p = 0; p < POOLS; p++) {
    const places = order.slice(p * POOL, (p + 1) * POOL);
    const examples = Array.from(places, (at) => trainDataset[at]);
    pools.push(
      await record(
        model,
        examples,
        places.map((at) => ids[at]),
        p,
      ),
    );
    console.error(`pool ${p + 1} of ${POOLS} recorded`);
  }
  const hidden = model.config.hiddenSize;
  model.dispose();

  const defaults = {
    mode: "official",
    budget: BUDGET,
    seed: SEED,
    sources: { small },
    keep: hidden,
  } as const;
  const choose = (change: Partial<OfficialOptions>, of: (pool: Recorded) => Pool["gradients"] = exactOf) =>
    selectAll({ ...defaults, ...change }, pools, of);
  const base = await choose({});
  const [, width] = pools[0].gradients.shape;
  const figures: Record<string, number> = { pools: POOLS, hidden, entries: width };
  // on the gradients themselves, whatever a choice compared
  const errorOf = (results: readonly SelectionResult[]): number =>
    measure("own", pools, small, results).own_upweighted;
  figures.defaults_error = errorOf(base);

  const names = [...pools[0].estimates.keys()];
  for (const name of names) {
    const own = (pool: Recorded): DirectionalGradients => {
      const found = pool.estimates.get(name);
      if (found === undefined) throw new Error(`sensitivity: no estimate ${name}`);
      return found;
    };
    const agreements = pools.map((pool) => featureAgreement(own(pool), pool.gradients));
    figures[`${name}_cosine`] = mean(agreements.map(({ cosine }) => cosine ?? 0));
    figures[`${name}_spearman`] = mean(agreements.map(({ spearman }) => spearman ?? 0));
    figures[`${name}_overlap`] = overlapOf(await choose({}, own), base);
  }
  const changes: Record<string, Partial<OfficialOptions>> = {
    keep_quarter: { keep: hidden / 4 },
    keep_half: { keep: hidden / 2 },
    keep_double: { keep: 2 * hidden },
    keep_fourfold: { keep: Math.min(width, 4 * hidden) },
    keep_all: { keep: width },
    beta_none: { adam: { beta1: 0, beta2: 0 } },
    beta_half: { adam: { beta1: 0.5, beta2: 0.999 } },
    beta_short: { adam: { beta1: 0.9, beta2: 0.99 } },
    adam_off: { adam: false },
    metric_l2: { metric: "l2" },
    metric_cosine: { metric: "cosine" },
  };
  for (const [name, change] of Object.entries(changes)) {
    const made = await choose(change);
    figures[`${name}_overlap`] = overlapOf(made, base);
    figures[`${name}_error`] = errorOf(made);
  }
  const random = await Promise.all([1, 2].map((seed) => selectRandomly(pools, small, seed)));
  figures.random_error = errorOf(random[0]);
  figures.random_overlap = overlapOf(random[0], random[1]);
  figures.random_defaults_overlap = overlapOf(random[0], base);
  return figures;
}

const exactOf = ({ gradients }: Recorded): Pool["gradients"] => gradients;

async function selectAll(
  options: OfficialOptions,
  pools: readonly Recorded[],
  of: (pool: Recorded) => Pool["gradients"],
): Promise<SelectionResult[]> {
  const selector = createSelector(options);
  let state = selector.init();
  const results: SelectionResult[] = [];
  for (const pool of pools) {
    const gradients = of(pool);
    const result = await selector.select(state, { sources: pool.sources, ...(gradients && { gradients }) });
    results.push(result);
    state = result.state;
  }
  return results;
}

async function selectRandomly(
  pools: readonly Recorded[],
  small: readonly boolean[],
  seed: number,
): Promise<SelectionResult[]> {
  const selector = createSelector({ method: "keep-random", budget: BUDGET, seed, sources: { small } });
  return Promise.all(pools.map(({ sources }) => selector.select(selector.init(), { sources })));
}

function overlapOf(a: readonly SelectionResult[], b: readonly SelectionResult[]): number {
  return mean(a.map(({ indices }, p) => overlap(indices, b[p].indices)));
}

/** One pass over a pool: exact gradients, and estimates with each number of directions and each epsilon. */
async function record(
  model: CausalLM,
  examples: readonly Example[],
  sources: Int32Array,
  step: number,
): Promise<Recorded> {
  const pass = await forwardPool(model, collate(examples), { keep: "last" });
  try {
    const exact = await lastValueGradients(model, pass);
    const estimates = new Map<string, DirectionalGradients>();
    for (const directions of DIRECTIONS) {
      const settings = { seed: SEED, step, directions, fresh: true };
      estimates.set(`directions_${directions}`, await lastValueSpsa(model, pass, settings));
    }
    for (const epsilon of EPSILONS) {
      const settings = { seed: SEED, step, directions: AT, fresh: true, epsilon };
      estimates.set(`epsilon_${epsilon}`, await lastValueSpsa(model, pass, settings));
    }
    return { sources, gradients: copied(exact), estimates };
  } finally {
    pass.dispose();
  }
}

function copied({ data, shape }: Matrix): Matrix {
  return matrix(Float32Array.from(data), shape[0], shape[1]);
}

async function fineTune(model: CausalLM, examples: readonly Example[]): Promise<void> {
  const run = train({
    model,
    trainDataset: examples,
    method: "random",
    pool: BUDGET,
    budget: BUDGET,
    maxSteps: UPDATES,
    lrSchedulerType: "constant",
    warmupSteps: 0,
    learningRate: 1e-3,
    perDeviceTrainBatchSize: BUDGET,
    seed: SEED,
  });
  for await (const _ of run);
}
