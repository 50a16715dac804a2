import { describe, type Matrix, matrix, requireIndices, requireVector, wrongKind } from "@colm/array";
import { type DirectionalGradients, finiteRows, gatherRows, requireEstimates } from "@colm/spsa";
import type { Needs } from "./method.ts";
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
  readonly features: Matrix | undefined;
  readonly losses: Float64Array | undefined;
  readonly lengths: Float64Array | undefined;
  readonly confidences: Float64Array | undefined;
  readonly ids: Float64Array | undefined;
}

/** What the selector's method asks of a pool. */
export interface PoolDemands {
  readonly needs: Needs;
  /** Whether sources must be there, and how many of them are known. */
  readonly knownSources: number | undefined;
}

/** The fields that a method may read, sources apart. */
const FIELDS: readonly Exclude<keyof Pool, "sources">[] = [
  "gradients",
  "features",
  "losses",
  "lengths",
  "confidences",
  "ids",
];

/** The fields that hold one number of each example. */
const LISTS = ["losses", "lengths", "confidences", "ids", "sources"] as const;

/** Source ids index arrays, so they stay small. */
const MAX_SOURCES = 2 ** 16;

/** Checks a pool and drops the examples whose losses, or coefficients made of losses, are not finite. */
export function usablePool(pool: Pool, { needs, knownSources }: PoolDemands): UsablePool {
  const { gradients, features, losses, sources } = pool;
  const size = poolSize(pool);
  requireFields(pool, needs);
  if (knownSources !== undefined && sources === undefined) {
    throw new TypeError('select: "pool.sources" must be given when small sources are named, got undefined');
  }
  requireValues(pool);
  if (sources !== undefined) {
    requireIndices("select", "pool.sources", sources, knownSources ?? MAX_SOURCES, false);
  }
  const finite = finitePositions(gradients, size);
  const positions = losses === undefined ? finite : finite.filter((i) => Number.isFinite(losses[i]));
  if (size > 0 && positions.length === 0) {
    throw new RangeError(`select: "pool.losses" must hold a finite loss, got none among ${size}`);
  }
  const isWhole = positions.length === size;
  const ids = sources === undefined ? new Int32Array(positions.length) : positions.map((i) => sources[i]);
  const take = (values: ArrayLike<number> | undefined): Float64Array | undefined =>
    values && Float64Array.from(positions, (i) => values[i]);
  return {
    size,
    positions,
    sources: ids,
    sourceCount: ids.reduce((count, id) => Math.max(count, id + 1), knownSources ?? 1),
    gradients: gradients === undefined || isWhole ? gradients : takeRows(gradients, positions),
    features: features === undefined || isWhole ? features : takeMatrixRows(features, positions),
    losses: take(losses),
    lengths: take(pool.lengths),
    confidences: take(pool.confidences),
    ids: take(pool.ids),
  };
}

/** Positions whose gradients are usable: where losses were not finite, neither are the coefficients made of them. */
function finitePositions(gradients: Pool["gradients"], size: number): Int32Array {
  if (gradients === undefined || !("coefficients" in gradients)) return range(size);
  requireEstimates("select", "pool.gradients", gradients);
  return finiteRows(gradients.coefficients);
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
function poolSize({ gradients, features, ...lists }: Pool): number {
  for (const name of LISTS) {
    const list: unknown = lists[name];
    if (list === undefined || Array.isArray(list) || (ArrayBuffer.isView(list) && "length" in list)) continue;
    throw wrongKind("select", `pool.${name}`, "be an array of numbers", list);
  }
  const sizes: [name: string, size: number | undefined][] = [
    ["gradients", gradients === undefined ? undefined : rowsOf("gradients", gradients)],
    ["features", features === undefined ? undefined : rowsOf("features", features)],
    ["losses", lists.losses?.length],
    ["lengths", lists.lengths?.length],
    ["confidences", lists.confidences?.length],
    ["ids", lists.ids?.length],
    ["sources", lists.sources?.length],
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

function rowsOf(name: "gradients" | "features", value: DirectionalGradients | Matrix): number {
  const isObject = typeof value === "object" && value !== null;
  const shape: unknown = isObject && Object("coefficients" in value ? value.coefficients : value).shape;
  if (!Array.isArray(shape) || shape.length !== 2 || (name === "features" && "coefficients" in value)) {
    const condition = name === "features" ? "a matrix" : "a matrix or directional gradients";
    throw new TypeError(`select: "pool.${name}" must be ${condition}, got ${describe(value)}`);
  }
  return shape[0];
}

/** Every field that the method reads; where it compares features, gradients and features stand in for each other. */
function requireFields(pool: Pool, needs: Needs): void {
  const hasEither = needs.kind !== null && (pool.features ?? pool.gradients) !== undefined;
  const missing = FIELDS.find(
    (name) =>
      needs[name] &&
      pool[name] === undefined &&
      !(hasEither && (name === "gradients" || name === "features")),
  );
  if (missing === undefined) return;
  throw new TypeError(`select: "pool.${missing}" must be given for this method, got undefined`);
}

/** Numbers where numbers should be; losses alone may be infinite or NaN. */
function requireValues({ losses, lengths, confidences, ids }: Pool): void {
  for (let i = 0; losses !== undefined && i < losses.length; i++) {
    if (typeof losses[i] !== "number") {
      throw new TypeError(`select: "pool.losses" must hold numbers, got ${describe(losses[i])} at ${i}`);
    }
  }
  if (lengths !== undefined) requireIndices("select", "pool.lengths", lengths, 2 ** 53, false);
  if (ids !== undefined) requireIndices("select", "pool.ids", ids, 2 ** 53);
  if (confidences !== undefined) {
    requireVector("select", "pool.confidences", confidences);
    for (let i = 0; i < confidences.length; i++) {
      if (confidences[i] < 0 || confidences[i] > 1) {
        throw new RangeError(`select: "pool.confidences" must be in [0, 1], got ${confidences[i]} at ${i}`);
      }
    }
  }
}

function range(size: number): Int32Array {
  return Int32Array.from({ length: size }, (_, i) => i);
}
