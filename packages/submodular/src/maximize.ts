import { describe, requireNatural, requireOptions, wrongValue } from "@colm/array";
import { bestOf } from "./best-of.ts";
import { cardinality } from "./cardinality.ts";
import { allOf } from "./constraint.ts";
import { exactGreedy } from "./exact-greedy.ts";
import type { Problem } from "./greedy.ts";
import { knapsack } from "./knapsack.ts";
import { lazyGreedy } from "./lazy-greedy.ts";
import { type MaximizeOptions, requireSettings } from "./maximize-options.ts";
import { partition } from "./partition.ts";
import { requireQuotas } from "./quotas.ts";
import { requireSetFunction } from "./require-set-function.ts";
import type { Selection } from "./selection.ts";
import type { SetFunction, SubmodularFunction } from "./set-function.ts";
import { stochasticGreedy } from "./stochastic-greedy.ts";

type Solve = (problem: Problem) => Selection;

/**
 * Greedy maximisation, `S_{t+1} = S_t + argmax_j f(S_t + j) - f(S_t)` over the items that still fit.
 *
 * @param f - The function. For a monotone submodular one and `count` alone the result is at least
 * `1 - (1 - 1/k)^k` of the optimum; under quotas at least half of it.
 * @param options - What limits the choice, and how to find it.
 * @returns The choice, its gains, its value, and an upper bound on the value of every feasible choice.
 * @throws {TypeError} If an option is of the wrong kind or needs another one, or if nothing limits the choice.
 * @throws {RangeError} If an option is out of range, if `"lazy"` is asked for a function that is not submodular, or
 * if a gain is NaN.
 * @remarks Nemhauser, Wolsey & Fisher (1978); lazy: Minoux (1978); stochastic: Mirzasoleiman et al. (2015); costs:
 * Khuller, Moss & Naor (1999). `"lazy"` with ties `"low"` chooses what `"exact"` does; with ties `"high"` it accepts
 * an item as soon as its new gain is no smaller than the next bound, as submodlib's LazyGreedy does. The bound is
 * the smallest seen, over steps, of `f(S_t)` plus the largest feasible sum of gains at `S_t` (for costs: when items
 * may be split), the sum raised by `2^-23` to cover gains that are sums of float32 differences.
 * @example
 * const f = facilityLocation(matrix(Float32Array.of(1, 0.5, 0, 0.5, 1, 0, 0, 0, 1), 3, 3));
 * const { indices, gains, value } = maximize(f, { count: 2 });
 * indices; // => Int32Array [0, 2]
 * gains; // => Float64Array [1.5, 1]
 * value; // => 2.5
 */
export function maximize(f: SubmodularFunction, options: MaximizeOptions): Selection;
export function maximize(
  f: SetFunction,
  options: MaximizeOptions & { readonly method?: "exact" | "stochastic" },
): Selection;
export function maximize(f: SetFunction, options: MaximizeOptions): Selection {
  requireSetFunction("maximize", "f", f);
  requireOptions("maximize", options);
  requireSettings(options, f.size);
  const solve = solver(f, options);
  const { count, costs, budget = 0, costRule = "best", groups, quotas } = options;
  const {
    method,
    initial = [],
    ties = "low",
    minGain = Number.NEGATIVE_INFINITY,
    signal,
    onProgress,
  } = options;
  const parted = requireQuotas("maximize", f.size, groups, quotas);
  signal?.throwIfAborted();
  const outside = new Uint8Array(f.size).fill(1);
  for (let t = 0; t < initial.length; t++) outside[initial[t]] = 0;

  const run = (byCost: boolean, limit = count): Selection => {
    const constraint = allOf([
      ...(limit === undefined ? [] : [cardinality(outside, limit)]),
      ...(costs ? [knapsack(outside, costs, budget)] : []),
      ...(parted ? [partition(outside, parted)] : []),
    ]);
    return solve({
      f,
      initial,
      constraint,
      costs: byCost ? costs : undefined,
      ties,
      minGain,
      signal,
      onProgress,
    });
  };
  if (costs === undefined || costRule === "gain") return run(false);
  if (costRule === "ratio") return run(true);
  const runs = [run(true), run(false)];
  if (!(f.monotone && method !== "stochastic") && count !== 0 && initial.length < f.size) {
    // the bound on one item alone says nothing of more
    runs.push({ ...run(false, 1), upperBound: Number.POSITIVE_INFINITY });
  }
  return bestOf(runs);
}

function solver(f: SetFunction, { method = "exact", seed, epsilon = 0.1 }: MaximizeOptions): Solve {
  if (method === "exact") return exactGreedy;
  if (method === "lazy" && f.submodular) return lazyGreedy;
  if (method === "stochastic") {
    requireNatural("maximize", "seed", seed);
    return (problem) => stochasticGreedy(problem, seed, epsilon);
  }
  const names = f.submodular ? '"exact", "lazy"' : '"exact"';
  const reason = f.submodular ? "" : " as the function is not submodular";
  throw wrongValue("maximize", "method", `be ${names} or "stochastic"${reason}`, describe(method));
}
