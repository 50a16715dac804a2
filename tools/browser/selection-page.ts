import { type Matrix, matrix, normal } from "@colm/array";
import { facilityLocation, maximize, refine, selectMedoids, similarity } from "@colm/submodular";

/** Results to the last bit, so that two engines can be compared. */
export interface SelectionResults {
  readonly similarity: number[];
  readonly exact: number[];
  readonly lazy: number[];
  readonly gains: number[];
  readonly refined: number[];
  readonly medoids: number[];
}

/** A small selection by every path: distances, exact and lazy greedy, swaps, the fused call. */
export function select(): SelectionResults {
  const points: Matrix = matrix(normal(new Float32Array(67 * 13), { seed: 9 }), 67, 13);
  const dense = similarity(points, { metric: "l1" });
  const f = facilityLocation(dense);
  const exact = maximize(f, { count: 11 });
  return {
    similarity: Array.from({ length: 67 }, (_, i) => dense.get(i, (i * 7) % 67)),
    exact: Array.from(exact.indices),
    lazy: Array.from(maximize(f, { count: 11, method: "lazy" }).indices),
    gains: Array.from(exact.gains),
    refined: Array.from(refine(dense, exact.indices).indices),
    medoids: Array.from(selectMedoids(points, { count: 11, metric: "l2" }).indices),
  };
}
