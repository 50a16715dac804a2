import { moments } from "@colm/adam-normalize";
import { largestEntry, rowMajor } from "@colm/array";
import { directionSeed, perturbation } from "@colm/spsa";
import { type DrawInputs, drawInputs } from "./draw-normals.ts";
import { type StreamProblem, sizeOf } from "./stream-problem.ts";

/** Unit roundoff of float32. */
const ROUNDOFF = 2 ** -24;
/** How far an entry of a direction that the device draws may be from the one on the CPU, relative to it. */
const DRAW_ERROR = 2 ** -19;
/** Largest entry of a direction, from the generator's 32 bits. */
const LARGEST_DRAW = 6.67;

/** The sizes that a chain of kernels is compiled for: none below those of the problem. */
export interface StreamShape {
  readonly rows: number;
  readonly groups: number;
  readonly columns: number;
  /** 0 for stored gradients. */
  readonly directions: number;
  /** Whether the device draws the directions; false for stored gradients. */
  readonly isDrawn: boolean;
}

/** What the kernels read of a problem, in float32, as `stream-sources.ts` names it. */
export interface StreamInputs {
  /** `[rows, directions]`; empty for stored gradients. */
  readonly weights: Float32Array[];
  readonly starts: Float32Array;
  readonly rule: Float32Array;
  readonly noise: Float32Array;
  /** What depends on the columns, for those from `start` on. */
  columns(start: number): StreamColumns;
}

export interface StreamColumns {
  /** `[directions, columns]` entries of the directions, or `[rows, columns]` stored gradients; empty where the device draws. */
  readonly table: Float32Array[];
  /** What the device draws them by. */
  readonly draw: DrawInputs;
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** `[1, columns]`: the largest entry of the directions in each column, by size; 0 where the device draws. */
  readonly largest: Float32Array[];
}

/** Sorts rows by group, folds Adam's constants, and scales everything by a power of two so that the largest gradient is near 1. */
export function streamInputs(problem: StreamProblem, shape: StreamShape): StreamInputs {
  const { state, gradients, groups, normalizer } = problem;
  const { beta1, beta2, epsilon } = normalizer;
  const { dimension, directions } = sizeOf(gradients);
  const order = Int32Array.from(groups.keys()).sort((a, b) => groups[a] - groups[b] || a - b);
  const t = state.step + 1;
  const [c1, c2] = [1 / (1 - beta1 ** t), 1 / (1 - beta2 ** t)];
  const { m, v } = moments(state);
  const weights = directions === 0 ? [] : weightRows(problem, order);
  const scale = 2 ** -Math.ceil(Math.log2(largestSize(problem, weights, m, v) || 1));
  const counts = new Int32Array(shape.groups);
  for (const g of groups) counts[g]++;
  const longest = counts.reduce((most, count) => Math.max(most, count), 0);
  const error = (directions + 2) * ROUNDOFF + (shape.isDrawn ? DRAW_ERROR : 0);
  const seed = "coefficients" in gradients ? directionSeed(gradients) : 0;
  const isDouble = !("coefficients" in gradients) && gradients.data instanceof Float64Array;
  return {
    weights: padded(
      weights.map((row) => row.map((w) => w * scale)),
      shape.rows,
      directions,
    ),
    starts: startsOf(counts),
    rule: Float32Array.of(
      (1 - beta1) * c1,
      Math.sqrt((1 - beta2) * c2),
      Math.max(epsilon * scale, 1e-37),
      isDouble ? 1.01 * ROUNDOFF : 0,
      4 * ROUNDOFF,
      (longest + 40) * ROUNDOFF,
    ),
    noise: Float32Array.from({ length: shape.rows }, (_, i) =>
      i < weights.length ? 1.01 * error * scale * absoluteSum(weights[i]) : 0,
    ),
    columns(start) {
      const end = Math.min(start + shape.columns, dimension);
      const first = new Float32Array(shape.columns);
      const second = new Float32Array(shape.columns);
      for (let j = start; j < end; j++) {
        first[j - start] = c1 * beta1 * m[j] * scale;
        second[j - start] = Math.sqrt(c2 * beta2 * v[j]) * scale;
      }
      const largest = new Float32Array(shape.columns);
      const draw = drawInputs({ seed, stream: 0, count: directions }, start);
      if (shape.isDrawn) return { table: [], draw, first, second, largest: [largest] };
      const table =
        directions === 0
          ? storedColumns(problem, order, shape, start, end, scale)
          : drawnColumns(problem, shape, start, end, largest);
      return { table, draw, first, second, largest: [largest] };
    },
  };
}

/** `c_ik / q` of the rows in the order of their groups. */
function weightRows({ gradients }: StreamProblem, order: Int32Array): Float64Array[] {
  if (!("coefficients" in gradients)) return [];
  const { coefficients } = gradients;
  const q = coefficients.shape[1];
  const entries = rowMajor(coefficients);
  return Array.from(order, (row) =>
    Float64Array.from(entries.subarray(row * q, (row + 1) * q), (c) => c / q),
  );
}

function largestSize(
  { gradients }: StreamProblem,
  weights: readonly Float64Array[],
  m: Float32Array,
  v: Float32Array,
): number {
  let largest = weights.reduce((most, row) => Math.max(most, LARGEST_DRAW * absoluteSum(row)), 0);
  if (!("coefficients" in gradients)) largest = largestEntry(gradients);
  for (let j = 0; j < m.length; j++) largest = Math.max(largest, Math.abs(m[j]), Math.sqrt(v[j]));
  return largest;
}

function absoluteSum(values: Float64Array): number {
  return values.reduce((sum, value) => sum + Math.abs(value), 0);
}

/** The first row of each group, and the end of the last one. */
function startsOf(counts: Int32Array): Float32Array {
  const starts = new Float32Array(counts.length + 1);
  for (let g = 0; g < counts.length; g++) starts[g + 1] = starts[g] + counts[g];
  return starts;
}

function drawnColumns(
  { gradients }: StreamProblem,
  { directions, columns }: StreamShape,
  start: number,
  end: number,
  largest: Float32Array,
): Float32Array[] {
  return Array.from({ length: directions }, (_, k) => {
    const z = new Float32Array(columns);
    if ("coefficients" in gradients) perturbation(gradients, k, start, z.subarray(0, end - start));
    for (let j = 0; j < columns; j++) largest[j] = Math.max(largest[j], Math.abs(z[j]));
    return z;
  });
}

function storedColumns(
  { gradients }: StreamProblem,
  order: Int32Array,
  { rows, columns }: StreamShape,
  start: number,
  end: number,
  scale: number,
): Float32Array[] {
  if ("coefficients" in gradients) return [];
  const { data, offset, stride } = gradients;
  const table = Array.from(order, (row) => {
    const out = new Float32Array(columns);
    let from = offset + row * stride[0] + start * stride[1];
    for (let j = 0; j < end - start; j++, from += stride[1]) out[j] = data[from] * scale;
    return out;
  });
  return padded(table, rows, columns);
}

/** Rows of float32, filled up with rows of zeros. */
function padded(table: readonly ArrayLike<number>[], rows: number, cols: number): Float32Array[] {
  return Array.from({ length: rows }, (_, i) =>
    i < table.length ? Float32Array.from(table[i]) : new Float32Array(cols),
  );
}
