import { columnReader, type Matrix, matrix } from "@colm/array";
import type { Abort } from "./abort.ts";
import { compare } from "./compare.ts";
import type { FacilityParts } from "./facility-evaluator.ts";
import { denseFacility } from "./facility-location.ts";
import type { Metric } from "./metric.ts";
import { withTiles } from "./pair-tiles.ts";
import type { SubmodularFunction } from "./set-function.ts";
import { gainLayout } from "./simd/gain-state.ts";
import { residentGains } from "./simd/kept-gains.ts";
import { hasSimd, withWorkspace } from "./simd/workspace.ts";
import type { Points } from "./tiles.ts";

/**
 * Runs `work` with facility location on the similarities of `points` and with the similarities themselves, both
 * gone afterwards. With WebAssembly they stand in its memory, where the kernels of greedy read them.
 */
export function withMedoids<T>(
  caller: string,
  points: Points,
  metric: Metric,
  signal: Abort | undefined,
  work: (f: SubmodularFunction, similarities: Matrix) => T,
): T {
  const { rows } = points;
  const run = (out: Float32Array, parts: FacilityParts): T => {
    withTiles(caller, points, metric, (tiles) =>
      compare(caller, out, rows, metric, tiles, () => signal?.throwIfAborted()),
    );
    const s = matrix(out, rows, rows);
    const columns = columnReader(s);
    columns.turn();
    return work(denseFacility(s, { ...parts, columns }), s);
  };
  if (!hasSimd()) return run(new Float32Array(rows * rows), {});
  const layout = gainLayout(rows, rows, rows);
  return withWorkspace(layout.bytes, (space) =>
    run(layout.on(space).rows, { keep: (_, cover) => residentGains(space, layout, cover) }),
  );
}
