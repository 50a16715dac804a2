import { type Matrix, matrix, normal } from "@colm/array";
import { distances, selectMedoids, similarity } from "@colm/submodular";
import { finishStream } from "./finish-stream.ts";
import type { GreedyProblem } from "./greedy-problem.ts";
import type { HeldMetric } from "./held-table.ts";
import { herd } from "./herd.ts";
import type { ColumnTerm, Entries, PairTerm, Sums } from "./sums.ts";

/** The functions of the CPU: those of `@colm/submodular` and `@colm/adam-normalize` and, for columns, plain loops in float64. */
export function plainSums(): Sums {
  return {
    pairs: async (term, x, size, cols) => pairs(term, x, size, cols),
    columns: async (term, table, column, cols) => columns(term, table, column, cols),
    async hold(metric, x, size, cols) {
      const table = heldTable(metric, x, size, cols);
      const largest = new Float32Array(size);
      for (let i = 0; i < size; i++) {
        largest[i] = table.subarray(i * size, (i + 1) * size).reduce((a, b) => Math.max(a, b));
      }
      return {
        largest,
        diagonal: Float32Array.from({ length: size }, (_, i) => table[i * size + i]),
        columns: async (term, column) => columns(term, table, column, size),
        row: async (index) => table.slice(index * size, (index + 1) * size),
        async release() {},
      };
    },
    features: async (problem) => finishStream(problem),
    greedy: async (problem) => (problem.rule === "medoids" ? medoids(problem) : herd(problem)),
    async normals({ count, length, seed, stream, start }) {
      const out = new Float32Array(count * length);
      for (let k = 0; k < count; k++) {
        normal(out.subarray(k * length, (k + 1) * length), { seed, stream: stream + k, start });
      }
      return out;
    },
    async dispose() {},
  };
}

function columns(term: ColumnTerm, table: Entries, column: Float32Array, cols: number): Float32Array {
  const sums = new Float64Array(cols);
  for (let i = 0; i < column.length; i++) columnLoops[term](table, i * cols, column[i], sums);
  return Float32Array.from(sums);
}

function heldTable(metric: HeldMetric, x: Entries, size: number, cols: number): Float32Array {
  if (metric === "dot") return pairs("product", x, size, cols);
  const points = matrix(x, size, cols);
  if (metric !== "cosine") return entriesOf(distances(points, { metric }));
  return entriesOf(similarity(points, { metric })).map((cosine) => 1 - cosine);
}

function pairs(term: PairTerm, x: Entries, size: number, cols: number): Float32Array {
  const points = matrix(x, size, cols);
  if (term === "product") return entriesOf(similarity(points, { metric: "dot" }));
  if (term === "absolute") return entriesOf(distances(points, { metric: "l1" }));
  const out = entriesOf(distances(points, { metric: "l2" }));
  for (let p = 0; p < out.length; p++) out[p] *= out[p];
  return out;
}

function medoids({ x, size, cols, count, metric }: GreedyProblem & { rule: "medoids" }): Float32Array {
  const { indices, gains } = selectMedoids(matrix(x, size, cols), { count, metric });
  return Float32Array.of(...indices, ...gains);
}

/** The entries of a fresh table. */
function entriesOf({ data }: Matrix): Float32Array {
  return data instanceof Float32Array ? data : Float32Array.from(data);
}

/** Adds the terms of the row that starts at `first` to the sums. */
type ColumnLoop = (table: Entries, first: number, value: number, sums: Float64Array) => void;

const columnLoops: Readonly<Record<ColumnTerm, ColumnLoop>> = {
  rise(table, first, low, sums) {
    // a branch on the sign would be guessed wrongly half of the time
    for (let j = 0; j < sums.length; j++) sums[j] += Math.max(0, table[first + j] - low);
  },
  fall(table, first, high, sums) {
    for (let j = 0; j < sums.length; j++) sums[j] += Math.max(0, high - table[first + j]);
  },
  weighted(table, first, weight, sums) {
    for (let j = 0; j < sums.length; j++) sums[j] += weight * table[first + j];
  },
};
