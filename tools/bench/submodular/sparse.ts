import type { Matrix } from "@colm/array";
import { facilityLocation, maximize, similarity } from "@colm/submodular";
import { interleave } from "../measure.ts";

/** Dense over sparse time of choosing `count` of the same points, with n/16 neighbours kept of each; above 1 where sparse is faster. */
export async function sparseRatio(points: Matrix, count: number): Promise<number> {
  const [n] = points.shape;
  const dense = similarity(points, { metric: "l1" });
  const sparse = similarity(points, { metric: "l1", neighbours: n / 16 });
  const ms = await interleave(
    {
      dense: () => maximize(facilityLocation(dense), { count }),
      sparse: () => maximize(facilityLocation(sparse), { count }),
    },
    // thousands of small problems, until both are compiled
    { rounds: 31, warmup: Math.max(20, Math.ceil(5e7 / n ** 2)) },
  );
  return ms.dense / ms.sparse;
}
