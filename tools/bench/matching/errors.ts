import type { Matrix } from "@colm/array";
import type { SelectionResult } from "@colm/coreset";
import { BUDGET } from "./contenders.ts";
import type { RecordedPool } from "./record-pools.ts";

/** Relative errors of the choices from some pools, one for each pool. */
export interface Errors {
  readonly plain: readonly number[];
  readonly upweighted: readonly number[];
}

/** Both means that a choice is compared with, as weights of the pool's rows; each sums to 1. */
export interface Targets {
  readonly plain: readonly number[];
  /** Small sources have the part that they have of a batch that keeps all of them. */
  readonly upweighted: readonly number[];
}

export function targetsOf(sources: Int32Array, small: readonly boolean[]): Targets {
  const isSmall = Array.from(sources, (source) => small[source]);
  const smallRows = isSmall.filter(Boolean).length;
  const mass = Math.min(1, smallRows / BUDGET);
  return {
    plain: isSmall.map(() => 1 / isSmall.length),
    upweighted: isSmall.map((own) => (own ? mass / smallRows : (1 - mass) / (isSmall.length - smallRows))),
  };
}

/** The figures of a method, in the exact gradients that were recorded. */
export function measure(
  name: string,
  pools: readonly Pick<RecordedPool, "gradients" | "sources">[],
  small: readonly boolean[],
  results: readonly SelectionResult[],
): Record<string, number> {
  const targets = pools.map(({ sources }) => targetsOf(sources, small));
  const errors = (target: keyof Targets): number[] =>
    pools.map(({ gradients }, p) => relativeError(gradients, results[p], targets[p][target]));
  return summarise(name, { plain: errors("plain"), upweighted: errors("upweighted") });
}

/** Means over the pools, and half the widths of their 95 % confidence intervals. */
export function summarise(name: string, { plain, upweighted }: Errors): Record<string, number> {
  return {
    [`${name}_plain`]: mean(plain),
    [`${name}_plain_ci95`]: halfWidth(plain),
    [`${name}_upweighted`]: mean(upweighted),
    [`${name}_upweighted_ci95`]: halfWidth(upweighted),
  };
}

/** `|weighted mean of the choice - target| / |target|`. */
function relativeError(
  gradients: Matrix,
  { indices, weights }: SelectionResult,
  target: readonly number[],
): number {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const excess = target.map((weight) => -weight);
  for (const [t, row] of indices.entries()) excess[row] += weights[t] / total;
  return length(gradients, excess) / length(gradients, target);
}

/** `|sum_i c_i g_i|`. */
function length({ data, shape: [rows, cols] }: Matrix, coefficients: readonly number[]): number {
  const sum = new Float64Array(cols);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < cols; j++) sum[j] += coefficients[i] * data[i * cols + j];
  }
  return Math.hypot(...sum);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0) / values.length;
}

/** 1.96 standard errors of the mean. */
function halfWidth(values: readonly number[]): number {
  const centre = mean(values);
  const variance = values.reduce((sum, value) => sum + (value - centre) ** 2, 0) / (values.length - 1);
  return 1.96 * Math.sqrt(variance / values.length);
}
