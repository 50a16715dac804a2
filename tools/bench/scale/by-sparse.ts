import { matrix } from "@colm/array";
import { facilityLocation, maximize, similarity } from "@colm/submodular";
import { clusteredRows, DIMENSION } from "./points.ts";

const NEIGHBOURS = 32;

/** One of a hundred by greedy facility location on the 32 nearest neighbours of each point. */
export async function bySparse(n: number): Promise<Record<string, number>> {
  const points = matrix(clusteredRows(n, 0, n), n, DIMENSION);
  const start = performance.now();
  const s = similarity(points, {
    metric: "l1",
    neighbours: Math.min(NEIGHBOURS, n),
    onProgress: (done, rows) => {
      if (done % 16_384 === 0) console.error(`${done} of ${rows} points compared`);
    },
  });
  const middle = performance.now();
  const { value, upperBound } = maximize(facilityLocation(s), { count: Math.ceil(n / 100) });
  const end = performance.now();
  return {
    neighbours_s: (middle - start) / 1000,
    maximize_s: (end - middle) / 1000,
    value_over_bound: value / upperBound,
  };
}
