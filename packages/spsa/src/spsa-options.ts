import { describe, requireNatural, requireVector } from "@colm/array";
import type { PerExampleLoss } from "./spsa.ts";

/** Settings of `spsa`. */
export interface SpsaOptions {
  /** How far theta is moved along a direction, finite and above 0, in units of theta per unit of z. Default 1e-3. */
  epsilon?: number;
  /** `q`, an integer of at least 1. Default 1. */
  directions?: number;
  /**
   * Where the losses are compared: at `theta + epsilon z` and `theta - epsilon z` (default), 2 q evaluations with an error of
   * order epsilon^2; or at `theta + epsilon z` and theta itself, q + 1 evaluations with one of order epsilon.
   */
  differences?: "two-sided" | "one-sided";
  /** Integer in `[0, 2^53)`: the same seed gives the same directions everywhere. */
  seed: number;
  /** The training step, a natural number. Default 0. */
  step?: number;
  /** Whether each step has directions of its own. Default false: one set of directions for the whole run. */
  fresh?: boolean;
  /** An `AbortSignal`, asked before each evaluation. */
  signal?: { throwIfAborted(): void };
}

/** Requires what `spsa` can work with. */
export function requireInputs(
  loss: PerExampleLoss,
  theta: Float32Array,
  options: {
    epsilon: number;
    directions: number;
    differences: string;
    seed: number;
    step: number;
    fresh: boolean;
  },
): void {
  const { epsilon, directions, differences, seed, step, fresh } = options;
  if (typeof loss !== "function") {
    throw new TypeError(`spsa: "loss" must be a function, got ${describe(loss)}`);
  }
  if (!(theta instanceof Float32Array)) {
    throw new TypeError(`spsa: "theta" must be a Float32Array, got ${describe(theta)}`);
  }
  if (theta.length === 0) throw new RangeError('spsa: "theta" must have at least 1 entry, got 0');
  requireVector("spsa", "theta", theta);
  if (typeof epsilon !== "number") {
    throw new TypeError(`spsa: "epsilon" must be a number, got ${describe(epsilon)}`);
  }
  if (!(epsilon > 0 && epsilon < Number.POSITIVE_INFINITY)) {
    throw new RangeError(`spsa: "epsilon" must be finite and above 0, got ${epsilon}`);
  }
  requireNatural("spsa", "directions", directions, 2 ** 32 - 1);
  if (directions === 0) throw new RangeError('spsa: "directions" must be at least 1, got 0');
  if (differences !== "two-sided" && differences !== "one-sided") {
    throw new RangeError(
      `spsa: "differences" must be "two-sided" or "one-sided", got ${describe(differences)}`,
    );
  }
  requireNatural("spsa", "seed", seed);
  requireNatural("spsa", "step", step);
  if (typeof fresh !== "boolean") {
    throw new TypeError(`spsa: "fresh" must be a boolean, got ${describe(fresh)}`);
  }
}
