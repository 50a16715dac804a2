import { describe, requireNatural, requireVector, wrongKind } from "@colm/array";
import { type Directions, perturbation } from "@colm/spsa";

/**
 * The history of Adam's moments after `step` steps: a plain value that `structuredClone` and, but for the typed
 * arrays, JSON keep whole. Functions read it and return the next one; none writes to it.
 */
export type AdamState = DenseAdamState | FixedDirectionAdamState;

/** Moments in full: `2 d` floats. */
export interface DenseAdamState {
  readonly kind: "dense";
  /** Steps taken so far. */
  readonly step: number;
  /** First moment, `[d]`. */
  readonly m: Float32Array;
  /** Second moment, `[d]`, at least 0. */
  readonly v: Float32Array;
}

/**
 * Moments of a history in which every gradient was a multiple of one direction z: the vectors are `m z` and
 * `v z^2` (entry by entry), so two numbers hold them.
 */
export interface FixedDirectionAdamState {
  readonly kind: "fixed-direction";
  /** Steps taken so far. */
  readonly step: number;
  /** `d`. */
  readonly dimension: number;
  /** Factor of z in the first moment. */
  readonly m: number;
  /** Factor of `z^2` in the second moment, at least 0. */
  readonly v: number;
  /** What draws z; null while `m` and `v` are 0, which holds for every z. */
  readonly direction: Directions | null;
}

/** The moments as vectors: `state.m` and `state.v` themselves, or drawn out where the state holds two factors. */
export interface Moments {
  readonly m: Float32Array;
  readonly v: Float32Array;
}

/**
 * The first and second moment of a state as vectors of d entries.
 *
 * @param state - The history; only read.
 * @returns The state's own arrays where it is dense: treat them as read-only. Fresh arrays otherwise.
 * @throws {TypeError | RangeError} If `state` is no such state.
 * @remarks Takes O(d), and draws the direction once where the state holds factors.
 * @example
 * moments(adamNormalize().init(3)).v; // => [0, 0, 0]
 */
export function moments(state: AdamState): Moments {
  requireState("moments", state);
  if (state.kind === "dense") return state;
  const m = new Float32Array(state.dimension);
  const v = new Float32Array(state.dimension);
  if (state.direction === null) return { m, v };
  perturbation(state.direction, 0, 0, m);
  for (let j = 0; j < m.length; j++) {
    const z = m[j];
    m[j] = state.m * z;
    v[j] = state.v * z * z;
  }
  return { m, v };
}

/** `d` of a state. */
export function stateDimension(state: AdamState): number {
  return state.kind === "dense" ? state.m.length : state.dimension;
}

/** Requires a state that `adamNormalize` could have made, whatever serialisation it has been through. */
export function requireState(caller: string, state: AdamState): void {
  if (state?.kind !== "dense" && state?.kind !== "fixed-direction") {
    throw new TypeError(
      `${caller}: "state" must be a state that init or advance made, got ${describe(state)}`,
    );
  }
  requireNatural(caller, "state.step", state.step);
  if (state.kind === "dense") {
    requireVector(caller, "state.m", state.m);
    requireVector(caller, "state.v", state.v, state.m.length);
    const negative = state.v.findIndex((x) => x < 0);
    if (negative >= 0) {
      throw new RangeError(
        `${caller}: "state.v" must be at least 0, got ${state.v[negative]} at ${negative}`,
      );
    }
    return;
  }
  requireNatural(caller, "state.dimension", state.dimension);
  requireVector(caller, "state.m and state.v", [state.m, state.v]);
  if (state.v < 0) throw new RangeError(`${caller}: "state.v" must be at least 0, got ${state.v}`);
  requireDirection(caller, state.direction);
  if (state.direction !== null && state.direction.dimension !== state.dimension) {
    throw new RangeError(
      `${caller}: "state.direction" must have ${state.dimension} entries, got ${state.direction.dimension}`,
    );
  }
  if (state.direction === null && (state.m !== 0 || state.v !== 0)) {
    throw new RangeError(
      `${caller}: "state.direction" must name a direction when the moments are not 0, got null`,
    );
  }
}

function requireDirection(caller: string, direction: Directions | null): void {
  if (direction === null) return;
  if (typeof direction !== "object") {
    throw wrongKind(caller, "state.direction", "be an object or null", direction);
  }
  requireNatural(caller, "state.direction.seed", direction.seed);
  requireNatural(caller, "state.direction.step", direction.step);
}
