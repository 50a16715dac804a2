import type { AdamNormalizer, AdamState } from "@colm/adam-normalize";
import { type Matrix, matrix, requireMatrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";
import { directionCoordinates } from "./direction-coordinates.ts";
import type { FeatureMemory, FeatureMemoryState } from "./feature-memory.ts";
import type { Recall, Round } from "./method.ts";
import { type FeatureRule, gradientDimension, officialFeatures } from "./official-features.ts";

/** What examples are compared by at a step, and what is remembered of it. */
export interface PoolFeatures {
  /** Rows of the usable pool that have features, ascending; everything below has one row for each. */
  readonly rows: Int32Array;
  /** `[rows, d]` before Adam space and sparsification. */
  readonly raw: Matrix | DirectionalGradients;
  /** The memory with what this pool brought; undefined where there is none. */
  readonly memory: FeatureMemoryState | undefined;
  /** What the memory knew; undefined where there is none. */
  readonly recall: Omit<Recall, "explored"> | undefined;
}

/** The features that the pool brought, or those that are remembered of it. */
export function readFeatures(round: Round, memory: FeatureMemory | undefined): PoolFeatures {
  const { pool, step } = round;
  const given = pool.features ?? pool.gradients;
  if (memory === undefined) {
    if (given === undefined) throw new TypeError('select: "pool.features" must be given, got undefined');
    if (pool.features) requireMatrix("select", "pool.features", pool.features);
    else if (!("coefficients" in given)) requireMatrix("select", "pool.gradients", given);
    const rows = Int32Array.from(pool.positions.keys());
    return { rows, raw: given, memory: undefined, recall: undefined };
  }
  if (given !== undefined && "coefficients" in given) {
    throw new TypeError(
      'select: "pool.gradients" must be a matrix for remembered features, got directional gradients',
    );
  }
  const ids = pool.ids ?? [];
  const held = round.memory ?? memory.init();
  const next = given === undefined ? held : memory.record(held, { ids, gradients: given, step });
  const { known, features, ages } = memory.read(next, ids, step);
  return {
    rows: known,
    raw: features,
    memory: next,
    recall: {
      unseen: pool.positions.length - known.length,
      meanAge: ages.reduce((sum, age) => sum + age, 0) / Math.max(1, ages.length),
      largestAge: ages.reduce((most, age) => Math.max(most, age), 0),
    },
  };
}

/** Adam space and sparsification, each where the rule asks for it: one set of coordinates for all rows. */
export function shapeFeatures(
  raw: Matrix | DirectionalGradients,
  before: AdamState | null,
  rule: FeatureRule,
): Matrix {
  const size = "coefficients" in raw ? raw.coefficients.shape[0] : raw.shape[0];
  if (rule.normalizer === undefined && rule.keep === undefined) {
    return "coefficients" in raw ? directionCoordinates(raw) : raw;
  }
  if (size === 0) return matrix(new Float32Array(0), 0, gradientDimension(raw));
  return officialFeatures(before, raw, new Int32Array(size), rule);
}

/** The history to normalise with: the given one, or an empty one of the right step and dimension. */
export function historyBefore(
  normalizer: AdamNormalizer | undefined,
  history: AdamState | null,
  raw: Matrix | DirectionalGradients,
  step: number,
): AdamState | null {
  if (normalizer === undefined) return null;
  return history ?? { ...normalizer.init(gradientDimension(raw)), step };
}
