import type { Matrix } from "@colm/array";
import { type Metric, selectMedoids } from "@colm/submodular";
import { type LineMedoids, lineMedoids } from "./line-medoids.ts";

/** Rows chosen source by source, and how many examples each stands for. */
export interface Medoids {
  readonly rows: number[];
  readonly sizes: number[];
}

/**
 * Greedy facility location for each source's share, in ascending order of the sources and greedy order inside. A share of
 * all takes all in pool order, each standing for itself.
 *
 * @param features - `[n, h]`, of every row of the pool; undefined when every share is all or nothing. One column needs no
 *   distances of pairs.
 * @param members - Rows to choose from, for each source, ascending.
 * @param shares - How many of them.
 */
export function medoidsBySource(
  features: Matrix | undefined,
  members: readonly Int32Array[],
  shares: ArrayLike<number>,
  metric: Metric,
): Medoids {
  const rows: number[] = [];
  const sizes: number[] = [];
  const solved = features === undefined ? undefined : solve(features, members, shares, metric);
  let next = 0;
  members.forEach((own, source) => {
    if (shares[source] === own.length) {
      for (const row of own) rows.push(row);
      for (const _ of own) sizes.push(1);
    } else if (solved !== undefined) {
      const end = next + shares[source];
      for (; next < end; next++) {
        rows.push(solved.indices[next]);
        sizes.push(solved.sizes[next]);
      }
    }
  });
  return { rows, sizes };
}

/** The sources whose share is a part of them, one after the other. */
function solve(
  features: Matrix,
  members: readonly Int32Array[],
  shares: ArrayLike<number>,
  metric: Metric,
): LineMedoids {
  const onLine = features.shape[1] === 1 && (metric === "l1" || metric === "l2");
  return onLine ? solveLines(features, members, shares) : solveSpaces(features, members, shares, metric);
}

function solveLines(
  { data, offset, stride }: Matrix,
  members: readonly Int32Array[],
  shares: ArrayLike<number>,
): LineMedoids {
  const parts = members.flatMap((own, source) => {
    if (shares[source] === 0 || shares[source] === own.length) return [];
    const { indices, sizes } = lineMedoids(
      Float64Array.from(own, (row) => data[offset + row * stride[0]]),
      shares[source],
    );
    return [{ indices: indices.map((i) => own[i]), sizes }];
  });
  return {
    indices: Int32Array.from(parts.flatMap(({ indices }) => Array.from(indices))),
    sizes: Int32Array.from(parts.flatMap(({ sizes }) => Array.from(sizes))),
  };
}

function solveSpaces(
  features: Matrix,
  members: readonly Int32Array[],
  shares: ArrayLike<number>,
  metric: Metric,
): LineMedoids {
  // one more group, of which nothing is wanted, for the rows that are not to choose from
  const groups = new Int32Array(features.shape[0]).fill(members.length);
  const quotas = new Int32Array(members.length + 1);
  members.forEach((own, source) => {
    for (const row of own) groups[row] = source;
    if (shares[source] < own.length) quotas[source] = shares[source];
  });
  const count = quotas.reduce((sum, quota) => sum + quota, 0);
  // the reference's ties: its lazy greedy takes the larger index
  return selectMedoids(features, { count, metric, groups, quotas, method: "lazy", ties: "high" });
}
