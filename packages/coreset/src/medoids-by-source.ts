import type { Matrix } from "@colm/array";
import { type Metric, selectMedoids } from "@colm/submodular";
import { takeMatrixRows } from "./usable-pool.ts";

/** Rows chosen source by source, and how many examples each stands for. */
export interface Medoids {
  readonly rows: number[];
  readonly sizes: number[];
}

/**
 * Greedy facility location for each source's share, in ascending order of the sources and greedy order inside. A share of
 * all takes all in pool order, each standing for itself.
 *
 * @param features - `[n, h]`, of every row of the pool; undefined when every share is all or nothing.
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
  members.forEach((own, source) => {
    const share = shares[source];
    if (share === own.length) {
      rows.push(...own);
      sizes.push(...own.map(() => 1));
      return;
    }
    if (share === 0 || features === undefined) return;
    // the reference's ties: its lazy greedy takes the larger index
    const medoids = selectMedoids(takeMatrixRows(features, own), {
      count: share,
      metric,
      method: "lazy",
      ties: "high",
    });
    for (const at of medoids.indices) rows.push(own[at]);
    sizes.push(...medoids.sizes);
  });
  return { rows, sizes };
}
