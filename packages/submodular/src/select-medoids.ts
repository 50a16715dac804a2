import {
  type Matrix,
  requireChoice,
  requireFloat32,
  requireNatural,
  requireOptions,
  wrongValue,
} from "@colm/array";
import type { Abort } from "./abort.ts";
import { nearestOf } from "./assign.ts";
import { maximize } from "./maximize.ts";
import { type Metric, requireMetric } from "./metric.ts";
import { type Quota, requireQuotas } from "./quotas.ts";
import type { Selection } from "./selection.ts";
import { readPoints } from "./similarity.ts";
import { requireTies, type Ties } from "./ties.ts";
import type { Points } from "./tiles.ts";
import { withMedoids } from "./with-medoids.ts";

/** Settings of {@link selectMedoids}. */
export interface SelectMedoidsOptions {
  /** How many points to choose; with `quotas`, their sum. */
  readonly count: number;
  /** How two points are compared. */
  readonly metric: Metric;
  /** Group of each point, integers from 0; given together with `quotas`. */
  readonly groups?: ArrayLike<number>;
  /** How many points to choose from each group, at most its size. */
  readonly quotas?: ArrayLike<number>;
  /** Greedy rule; `"exact"` by default. */
  readonly method?: "exact" | "lazy";
  /** Which of equally good points goes first; `"low"` by default. */
  readonly ties?: Ties;
  /** Looked at every few rows and choices; when aborted its reason is thrown. */
  readonly signal?: Abort;
  /** Told every few choices how many were made. */
  readonly onProgress?: (done: number, count: number) => void;
}

/** Chosen points with the sizes of their clusters. */
export interface MedoidSelection extends Selection {
  /** `sizes[t]` is the number of points (of its group) that `indices[t]` represents, itself included. */
  sizes: Int32Array;
}

const caller = "selectMedoids";

/**
 * Representative points: greedy facility location on the similarities of all points, or of each group for
 * itself.
 *
 * @param points - `[n, d]`, any strides; entries are read as float32. Not kept.
 * @param options - How many points, the metric, and groups with quotas.
 * @returns Chosen points (group by group, in greedy order inside each), gains, the sum of values and of upper
 * bounds over the groups, and cluster sizes, which sum to the number of points of the groups with a quota
 * above 0.
 * @throws {TypeError} If an argument is of the wrong kind.
 * @throws {RangeError} If an entry is not finite in float32, the metric does not exist, `count` exceeds `n`, or the quotas
 * do not fit their groups or `count`.
 * @remarks Each group has its own `max(D)`. O(n^2 d) time, and memory for the similarities of one group at a time, which
 * stay in one WebAssembly memory from the first to the last step where there is one.
 * @example
 * const points = matrix(Float32Array.of(0, 1, 2, 10, 11, 12), 6, 1);
 * selectMedoids(points, { count: 2, metric: "l1" }).indices; // => Int32Array [2, 4]
 */
export function selectMedoids(points: Matrix, options: SelectMedoidsOptions): MedoidSelection {
  requireFloat32(caller, "points", points);
  requireOptions(caller, options);
  const [rows] = points.shape;
  const { count, metric, method = "exact", ties = "low", signal, onProgress } = options;
  requireNatural(caller, "count", count, rows);
  requireMetric(caller, metric);
  requireTies(caller, ties);
  requireChoice(caller, "method", method, ["exact", "lazy"]);
  const parted = groupsOf(rows, options);
  signal?.throwIfAborted();
  const all = readPoints(points);
  const medoids = (own: Points, quota: number, before = 0): MedoidSelection =>
    withMedoids(caller, own, metric, signal, (f, s) => {
      const selection = maximize(f, {
        count: quota,
        method,
        ties,
        ...(signal && { signal }),
        onProgress: (done) => onProgress?.(before + done, count),
      });
      return { ...selection, sizes: nearestOf(s, selection.indices).sizes };
    });
  if (parted === undefined && count > 0) return medoids(all, count);
  const parts: MedoidSelection[] = [];
  let before = 0;
  for (const { members, quota } of parted ?? []) {
    if (quota === 0) continue;
    const part = medoids(gather(all, members), quota, before);
    before += quota;
    parts.push({ ...part, indices: part.indices.map((i) => members[i]) });
  }
  const join = (pick: (part: MedoidSelection) => ArrayLike<number>): number[] =>
    parts.flatMap((part) => Array.from(pick(part)));
  const sum = (pick: (part: MedoidSelection) => number): number =>
    parts.reduce((total, part) => total + pick(part), 0);
  return {
    indices: Int32Array.from(join((part) => part.indices)),
    gains: Float64Array.from(join((part) => part.gains)),
    sizes: Int32Array.from(join((part) => part.sizes)),
    value: sum((part) => part.value),
    upperBound: sum((part) => part.upperBound),
    evaluations: sum((part) => part.evaluations),
  };
}

/** The groups with their quotas, if there are any. */
function groupsOf(rows: number, { count, groups, quotas }: SelectMedoidsOptions): Quota[] | undefined {
  const parted = requireQuotas(caller, rows, groups, quotas);
  const sum = parted?.reduce((total, { quota }) => total + quota, 0) ?? count;
  if (sum !== count) throw wrongValue(caller, "quotas", `sum to "count" ${count}`, sum);
  return parted;
}

/** The points of one group. */
function gather({ x, cols }: Points, members: Int32Array): Points {
  const own = new Float32Array(members.length * cols);
  for (let r = 0; r < members.length; r++) {
    const from = members[r] * cols;
    own.set(x.subarray(from, from + cols), r * cols);
  }
  return { x: own, rows: members.length, cols };
}
