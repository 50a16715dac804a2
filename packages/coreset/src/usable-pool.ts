import { describe, type Matrix, matrix, requireIndices } from "@colm/array";
import { type DirectionalGradients, finiteRows, gatherRows } from "@colm/spsa";
import type { Pool } from "./pool.ts";

/** A checked pool without the examples whose losses are not finite. */
export interface UsablePool {
  /** Examples of the pool as it came, n. */
  readonly size: number;
  /** Positions of the usable examples in the pool, ascending. Everything below has one entry or row for each. */
  readonly positions: Int32Array;
  /** Source of each usable example. */
  readonly sources: Int32Array;
  /** Number of sources: one more than the largest id, and at least as many as the options name. */
  readonly sourceCount: number;
  readonly gradients: DirectionalGradients | Matrix | undefined;
}

/** What the selector's method asks of a pool. */
export interface PoolDemands {
  readonly gradients: boolean;
  /** Whether sources must be there, and how many of them are known. */
  readonly knownSources: number | undefined;
}

/** Source ids index arrays, so they stay small. */
const MAX_SOURCES = 2 ** 16;

/** Checks a pool and drops the examples whose losses, or coefficients made of losses, are not finite. */
export function usablePool(pool: Pool, demands: PoolDemands): UsablePool {
  const { gradients, losses, sources } = pool;
  const size = poolSize(pool);
  if (demands.gradients && gradients === undefined) {
    throw new TypeError('select: "pool.gradients" must be given for this method, got undefined');
  }
  if (demands.knownSources !== undefined && sources === undefined) {
    throw new TypeError('select: "pool.sources" must be given when small sources are named, got undefined');
  }
  if (losses !== undefined) requireLosses(losses);
  if (sources !== undefined) {
    requireIndices("select", "pool.sources", sources, demands.knownSources ?? MAX_SOURCES, false);
  }
  const finite =
    gradients !== undefined && "coefficients" in gradients ? finiteRows(gradients.coefficients) : range(size);
  const positions = losses === undefined ? finite : finite.filter((i) => Number.isFinite(losses[i]));
  if (size > 0 && positions.length === 0) {
    throw new RangeError(`select: "pool.losses" must hold a finite loss, got none among ${size}`);
  }
  const ids = sources === undefined ? new Int32Array(positions.length) : positions.map((i) => sources[i]);
  return {
    size,
    positions,
    sources: ids,
    sourceCount: ids.reduce((count, id) => Math.max(count, id + 1), demands.knownSources ?? 1),
    gradients:
      gradients === undefined || positions.length === size ? gradients : takeRows(gradients, positions),
  };
}

/** Copies rows, given by ascending positions. */
function takeMatrixRows(m: Matrix, rows: ArrayLike<number>): Matrix {
  const { data, offset, stride, shape } = m;
  const out =
    data instanceof Float32Array
      ? new Float32Array(rows.length * shape[1])
      : new Float64Array(rows.length * shape[1]);
  for (let r = 0, to = 0; r < rows.length; r++) {
    for (let j = 0, from = offset + rows[r] * stride[0]; j < shape[1]; j++, from += stride[1])
      out[to++] = data[from];
  }
  return matrix(out, rows.length, shape[1]);
}

function takeRows(gradients: DirectionalGradients | Matrix, rows: Int32Array): DirectionalGradients | Matrix {
  return "coefficients" in gradients ? gatherRows(gradients, rows) : takeMatrixRows(gradients, rows);
}

/** n, on which all fields of the pool must agree. */
function poolSize({ gradients, losses, sources }: Pool): number {
  const sizes: [name: string, size: number | undefined][] = [
    ["gradients", gradients === undefined ? undefined : rowsOf(gradients)],
    ["losses", losses?.length],
    ["sources", sources?.length],
  ];
  const given = sizes.flatMap(([name, size]) => (size === undefined ? [] : [{ name, size }]));
  if (given.length === 0) {
    throw new TypeError('select: "pool" must have gradients, losses or sources, got none of them');
  }
  const [first] = given;
  for (const { name, size } of given) {
    if (size !== first.size) {
      throw new RangeError(
        `select: "pool.${name}" must have ${first.size} entries as "pool.${first.name}" has, got ${size}`,
      );
    }
  }
  return first.size;
}

function rowsOf(gradients: DirectionalGradients | Matrix): number {
  const isObject = typeof gradients === "object" && gradients !== null;
  const shape = isObject && ("coefficients" in gradients ? gradients.coefficients.shape : gradients.shape);
  if (!Array.isArray(shape) || shape.length !== 2) {
    throw new TypeError(
      `select: "pool.gradients" must be a matrix or directional gradients, got ${describe(gradients)}`,
    );
  }
  return shape[0];
}

function requireLosses(losses: ArrayLike<number>): void {
  for (let i = 0; i < losses.length; i++) {
    if (typeof losses[i] !== "number") {
      throw new TypeError(`select: "pool.losses" must hold numbers, got ${describe(losses[i])} at ${i}`);
    }
  }
}

function range(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => i);
}
