import type { Matrix } from "@colm/array";
import { facilityLocation, maximize, refine } from "@colm/submodular";
import { interleave } from "../measure.ts";
import { clusterPam } from "./cluster-pam.ts";
import { fasterPam } from "./faster-pam.ts";

/**
 * `refine` after greedy, beside FasterPAM from the same start: ours in plain code, and that of R's package cluster where it
 * is installed. `loss_ratio` is our sum of distances over theirs: at most 1 where ours is never above.
 *
 * @param s - `[n, n]` similarities, row-major, symmetric, their largest entry on the whole diagonal.
 */
export async function refinement(
  figures: Record<string, number>,
  name: string,
  s: Matrix,
  count: number,
): Promise<void> {
  const [n] = s.shape;
  const top = s.data[0];
  const distances = Float64Array.from(s.data, (entry) => top - entry);
  const start = maximize(facilityLocation(s), { count }).indices;
  const ms = await interleave(
    { ours: () => refine(s, start), plain: () => fasterPam(distances, n, start) },
    { rounds: 7 },
  );
  const loss = lossOf(distances, n, refine(s, start).indices);
  figures[`${name}_ms`] = ms.ours;
  figures[`${name}_fasterpam_ratio`] = ms.plain / ms.ours;
  figures[`${name}_fasterpam_loss_ratio`] = loss / fasterPam(distances, n, start).loss;
  figures[`${name}_greedy_loss_ratio`] = loss / lossOf(distances, n, start);
  const peer = clusterPam(distances, n, start);
  if (peer === undefined) return;
  figures[`${name}_r_cluster_ratio`] = peer.ms / ms.ours;
  figures[`${name}_r_cluster_loss_ratio`] = loss / peer.loss;
}

function lossOf(distances: Float64Array, n: number, medoids: Int32Array): number {
  let loss = 0;
  for (let i = 0; i < n; i++) {
    let best = Number.POSITIVE_INFINITY;
    for (const medoid of medoids) best = Math.min(best, distances[i * n + medoid]);
    loss += best;
  }
  return loss;
}
