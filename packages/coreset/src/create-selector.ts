import { describe, requireNatural, wrongKind } from "@colm/array";
import { coefficientStatistics } from "@colm/spsa";
import { inTheNameOf, inTheNameOfLater } from "./in-the-name-of.ts";
import { type Choice, type Method, type Needs, NOTHING } from "./method.ts";
import type { Pool } from "./pool.ts";
import { resolveMethod } from "./resolve-method.ts";
import type {
  Diagnostics,
  Estimates,
  SelectionResult,
  SelectionWarning,
  Selector,
  SelectorOptions,
  SelectorState,
} from "./selector.ts";
import { recordStages, type Stages } from "./stages.ts";
import { type UsablePool, usablePool } from "./usable-pool.ts";

/**
 * A selector of mini-batch coresets: `budget` of the `n` examples of each pool, by the method that the options name.
 *
 * @param options - `budget` and `method`, and what the method takes:
 *   `"colm"` (default) with `mode: "official"`: all examples of small sources, and for each big source its share of the rest by
 *   greedy facility location on Adam-space gradients, `S = max(D) - D` of the distances D; with `mode: "default"`: examples of
 *   small sources, and others by herding, `min |mean_S - mu|^2` in feature space, and swaps; `"random"`: uniform draws;
 *   `"keep-random"`: all examples of small sources and uniform draws from the others. The further methods keep small sources
 *   that are named, and choose by features (`"herding"`, `"facility-location"`, `"gram-schmidt-walk"`, `"grad-match"`,
 *   `"craig"`, `"kmeans-centres"`, `"grad-norm"`) or by one number of each example (`"big-loss"`, `"small-loss"`,
 *   `"middle-perplexity"`, `"completion-length"`, `"least-confidence"`). `kernels`: what compares all pairs, and streams features in
 *   official mode, instead of the CPU; the choices are the same up to rounding.
 * @returns The selector. `select` is asynchronous because `kernels` may compute elsewhere; nothing here reads a clock.
 * @throws {TypeError | RangeError} If an option is of the wrong kind, unknown or out of range. `select` throws them when the
 *   pool lacks what the method needs, its fields disagree, the budget is above the pool, or no loss is finite.
 * @remarks Nguyen et al., "Mini-batch Coresets for Memory-efficient Language Model Training on Data Mixtures" (ICLR
 *   2025), algorithm 1. On estimates of one fixed direction a step takes O(n^2) time for n examples of one source and no
 *   memory that grows with d; otherwise O(n d q + n^2 h), and two vectors of d floats in the state. Default mode: O(n^2 d) for
 *   scalar products, O(n^2) for herding (Welling 2009; Chen, Welling & Smola 2010), O(b (n - b)) a swap. Deviations: losses are
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
  requireClock(options.now);
  const method = inTheNameOf("createSelector", () => resolveMethod(options));
  return {
    needs: method.needs,
    needsAt(state) {
      requireState("needsAt", state);
      return needsAt(method, state.step);
    },
    init: () => ({ step: 0, history: null, ...(method.memory && { memory: method.memory.init() }) }),
    async select(state, pool) {
      requireState("select", state);
      const usable = readPool(pool, method, state.step, budget);
      const { step, history, memory } = state;
      const count = Math.min(budget, usable.positions.length);
      const stages = recordStages(options.now, "kernels" in options && options.kernels !== undefined);
      const round = { step, pool: usable, count, history, memory, stages };
      const choice = await inTheNameOfLater("select", () => method.choose(round));
      return finish(usable, step, choice, stages);
    },
    remember(state, seen) {
      requireState("remember", state);
      if (typeof seen !== "object" || seen === null)
        throw wrongKind("remember", "seen", "be an object", seen);
      if (method.memory === undefined) {
        throw new TypeError('remember: "features" of the selector must be "remembered"');
      }
      const memory = state.memory ?? method.memory.init();
      const { record } = method.memory;
      const next = () => record(memory, { ...seen, step: state.step });
      return { ...state, memory: inTheNameOf("remember", next) };
    },
  };
}

/** What a step needs: all of it every so many steps; a memory needs its gradients then, and its ids always. */
function needsAt({ needs, every, memory, refresh }: Method, step: number): Needs {
  if (memory !== undefined) return { ...needs, gradients: refresh !== undefined && step % refresh === 0 };
  return step % every === 0 ? needs : { ...NOTHING, sources: needs.sources };
}

function requireClock(now: unknown): void {
  if (now === undefined || typeof now === "function") return;
  throw new TypeError(`createSelector: "now" must be a function, got ${describe(now)}`);
}

function readPool(pool: Pool, method: Method, step: number, budget: number): UsablePool {
  if (typeof pool !== "object" || pool === null) {
    throw new TypeError(`select: "pool" must be an object, got ${describe(pool)}`);
  }
  const usable = usablePool(pool, { needs: needsAt(method, step), knownSources: method.knownSources });
  if (usable.size < budget) {
    throw new RangeError(
      `select: "pool" must have at least as many examples as the budget of ${budget}, got ${usable.size}`,
    );
  }
  return usable;
}

function requireState(caller: string, state: SelectorState): void {
  if (typeof state !== "object" || state === null || typeof state.history !== "object") {
    throw new TypeError(`${caller}: "state" must be what init or select returned, got ${describe(state)}`);
  }
  requireNatural(caller, "state.step", state.step);
}

function finish(pool: UsablePool, step: number, choice: Choice, stages: Stages): SelectionResult {
  return {
    indices: choice.rows.map((row) => pool.positions[row]),
    weights: choice.weights,
    state: { step: step + 1, history: choice.history, ...(choice.memory && { memory: choice.memory }) },
    diagnostics: diagnose(pool, choice, stages),
  };
}

function diagnose(pool: UsablePool, choice: Choice, { bytes, milliseconds, modes }: Stages): Diagnostics {
  const { kept, overflowed, shares, distinctFeatures, matching, recall } = choice;
  const chosen = choice.rows.map((row) => pool.sources[row]);
  const estimates = estimatesOf(pool);
  return {
    pool: pool.size,
    dropped: pool.size - pool.positions.length,
    kept,
    overflowed,
    available: countBySource(pool.sources, pool.sourceCount),
    selected: countBySource(chosen, pool.sourceCount),
    mass: massBySource(chosen, choice.weights, pool.sourceCount),
    bytes,
    ...(milliseconds && { milliseconds }),
    ...(modes && { modes }),
    ...(matching && { matching }),
    ...(recall && { recall }),
    ...(estimates && { estimates }),
    ...(shares && { shares: Array.from(shares) }),
    ...(distinctFeatures !== undefined && { distinctFeatures }),
    warnings: warningsOf(pool, choice, estimates),
  };
}

function warningsOf(pool: UsablePool, choice: Choice, estimates: Estimates | undefined): SelectionWarning[] {
  const { kept, overflowed, rows, recall, distinctFeatures = Number.POSITIVE_INFINITY } = choice;
  const byFeatures = rows.length - kept - (recall?.explored ?? 0);
  const candidates = pool.positions.length - kept - overflowed - (recall?.unseen ?? 0);
  // where all are taken nothing was chosen
  const isTied = byFeatures < candidates && distinctFeatures < byFeatures;
  return [
    ...(isTied ? (["few-distinct-features"] as const) : []),
    ...(estimates?.warning ? [estimates.warning] : []),
  ];
}

function estimatesOf({ gradients }: UsablePool): Estimates | undefined {
  if (gradients === undefined || !("coefficients" in gradients)) return undefined;
  const { variance, ties, unresolved, warning } = coefficientStatistics(gradients);
  return { variance: variance.reduce((sum, v) => sum + v, 0) / variance.length, ties, unresolved, warning };
}

function countBySource(sources: Int32Array, sourceCount: number): number[] {
  const counts = new Array<number>(sourceCount).fill(0);
  for (const source of sources) counts[source]++;
  return counts;
}

function massBySource(sources: Int32Array, weights: Float32Array, sourceCount: number): number[] {
  const mass = new Array<number>(sourceCount).fill(0);
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  for (const [t, source] of sources.entries()) mass[source] += weights[t] / total;
  return mass;
}
