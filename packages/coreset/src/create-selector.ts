import { describe, requireNatural } from "@colm/array";
import type { Choice, Method } from "./method.ts";
import type { Pool } from "./pool.ts";
import { resolveMethod } from "./resolve-method.ts";
import type { Diagnostics, SelectionResult, Selector, SelectorOptions, SelectorState } from "./selector.ts";
import { type UsablePool, usablePool } from "./usable-pool.ts";

/**
 * A selector of mini-batch coresets: `budget` of the `n` examples of each pool, by the method that the options name.
 *
 * @param options - `budget` and `method`, and what the method takes:
 *   `"colm"` (default) with `mode: "official"`: all examples of small sources, and for each big source its share of the rest by
 *   greedy facility location on Adam-space gradients, `S = max(D) - D` of the distances D; `"random"`: uniform draws;
 *   `"keep-random"`: all examples of small sources and uniform draws from the others.
 * @returns The selector. `select` is asynchronous so that methods may run elsewhere; nothing here reads a clock.
 * @throws {TypeError | RangeError} If an option is of the wrong kind, unknown or out of range. `select` throws them when the
 *   pool lacks what the method needs, its fields disagree, the budget is above the pool, or no loss is finite.
 * @remarks Nguyen et al., "Mini-batch Coresets for Memory-efficient Language Model Training on Data Mixtures" (ICLR
 *   2025), algorithm 1. On estimates of one fixed direction a step takes O(n^2) time for n examples of one source and no
 *   memory that grows with d; otherwise O(n d q + n^2 h), and two vectors of d floats in the state. Deviations: losses are
 *   dropped when they are not finite; kept examples beyond the budget may be chosen otherwise than by position.
 * @example
 * const selector = createSelector({ mode: "official", budget: 3, sources: { small: [false, true] } });
 * const gradients = matrix(Float32Array.of(1, 2, 1, -1, 3, 2, -1, -3, 2, 2), 5, 2);
 * const result = await selector.select(selector.init(), { gradients, sources: [0, 0, 1, 0, 0] });
 * result.indices; // => [2, 4, 3]
 * result.diagnostics.kept; // => 1
 */
export function createSelector(options: SelectorOptions): Selector {
  if (typeof options !== "object" || options === null) {
    throw new TypeError(`createSelector: "options" must be an object, got ${describe(options)}`);
  }
  const { budget } = options;
  requireNatural("createSelector", "budget", budget, 2 ** 31 - 1);
  if (budget === 0) throw new RangeError('createSelector: "budget" must be at least 1, got 0');
  const method = resolveMethod(options);
  return {
    needs: method.needs,
    init: () => ({ step: 0, history: null }),
    async select(state, pool) {
      requireState(state);
      const usable = readPool(pool, method, budget);
      const { step, history } = state;
      const count = Math.min(budget, usable.positions.length);
      return finish(usable, step, method.choose({ step, pool: usable, count, history }));
    },
  };
}

function readPool(pool: Pool, { needs, knownSources }: Method, budget: number): UsablePool {
  if (typeof pool !== "object" || pool === null) {
    throw new TypeError(`select: "pool" must be an object, got ${describe(pool)}`);
  }
  const usable = usablePool(pool, { gradients: needs.gradients, knownSources });
  if (usable.size < budget) {
    throw new RangeError(
      `select: "pool" must have at least as many examples as the budget of ${budget}, got ${usable.size}`,
    );
  }
  return usable;
}

function requireState(state: SelectorState): void {
  if (typeof state !== "object" || state === null || typeof state.history !== "object") {
    throw new TypeError(`select: "state" must be what init or select returned, got ${describe(state)}`);
  }
  requireNatural("select", "state.step", state.step);
}

function finish(pool: UsablePool, step: number, choice: Choice): SelectionResult {
  return {
    indices: choice.rows.map((row) => pool.positions[row]),
    weights: choice.weights,
    state: { step: step + 1, history: choice.history },
    diagnostics: diagnose(pool, choice),
  };
}

function diagnose(pool: UsablePool, choice: Choice): Diagnostics {
  const { kept, overflowed, shares, distinctFeatures } = choice;
  const chosen = choice.rows.map((row) => pool.sources[row]);
  return {
    pool: pool.size,
    dropped: pool.size - pool.positions.length,
    kept,
    overflowed,
    available: countBySource(pool.sources, pool.sourceCount),
    selected: countBySource(chosen, pool.sourceCount),
    ...(shares && { shares: Array.from(shares) }),
    ...(distinctFeatures !== undefined && { distinctFeatures }),
  };
}

function countBySource(sources: Int32Array, sourceCount: number): number[] {
  const counts = new Array<number>(sourceCount).fill(0);
  for (const source of sources) counts[source]++;
  return counts;
}
