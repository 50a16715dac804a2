import type { Matrix } from "@colm/array";
import {
  type FeatureAgreement,
  featureAgreement,
  overlap,
  type Pool,
  type Selector,
  type SelectorState,
} from "@colm/coreset";
import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { type DirectionalGradients, finiteRows, gatherRows } from "@colm/spsa";
import { exactRows } from "./gradient-rows.ts";
import { walkPool } from "./pool-walk.ts";
import { takeRows } from "./run-selection.ts";

/** What examples were compared by, beside exact gradients of the last V projection: distances of all pairs, and the choice. */
export interface FeatureCheck extends FeatureAgreement {
  /** Share of the examples chosen by either that are chosen by both (Jaccard). */
  readonly overlap: number;
}

/** What was chosen from a pool, and how. */
export interface CheckedChoice {
  readonly selector: Selector;
  /** The state that the choice started from. */
  readonly state: SelectorState;
  readonly pool: Pool;
  readonly indices: Int32Array;
  /** Examples in one forward pass. */
  readonly microBatchSize: number;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Compares the features of a pool with exact gradients, and the choice with what the same selector would have chosen by those. One more
 * pass over the pool; nothing is changed.
 *
 * @returns Undefined where the pool brought nothing to compare examples by.
 */
export async function checkFeatures(
  model: CausalLM,
  examples: readonly Example[],
  { selector, state, pool, indices, microBatchSize, signal }: CheckedChoice,
): Promise<FeatureCheck | undefined> {
  const given = pool.features ?? pool.gradients;
  if (given === undefined) return undefined;
  const rows = exactRows(model, examples.length, "last-value");
  const walk = { microBatchSize, keep: "last", losses: false, signal } as const;
  await walkPool(model, examples, walk, async ({ inputs, positions }) => {
    await rows.add(inputs, positions);
    return false;
  });
  const exact = rows.result();
  const usable = bothFinite(given, exact);
  // an example that cannot be compared is dropped by its loss
  const losses = Float32Array.from(examples, () => Number.NaN);
  for (const at of usable) losses[at] = pool.losses?.[at] ?? 0;
  const isKnown = dimensionOf(given) === exact.shape[1];
  const other = await selector.select(isKnown ? state : { ...state, history: null }, {
    ...pool,
    losses,
    ...(pool.features ? { features: exact } : { gradients: exact }),
  });
  return {
    ...featureAgreement(rowsOf(given, usable), takeRows(exact, usable)),
    overlap: overlap(indices, other.indices),
  };
}

function dimensionOf(features: Matrix | DirectionalGradients): number {
  return "coefficients" in features ? features.dimension : features.shape[1];
}

function bothFinite(features: Matrix | DirectionalGradients, exact: Matrix): Int32Array {
  const other = new Set(finiteRows(exact));
  return finiteRows("coefficients" in features ? features.coefficients : features).filter((at) =>
    other.has(at),
  );
}

function rowsOf(features: Matrix | DirectionalGradients, rows: Int32Array): Matrix | DirectionalGradients {
  return "coefficients" in features ? gatherRows(features, rows) : takeRows(features, rows);
}
