import {
  type Matrix,
  requireChoice,
  requireIndices,
  requireMatrix,
  requireOptions,
  rowMajor,
} from "@colm/array";
import { herdingCoefficients, herdingScoresFrom } from "./herding-scores.ts";
import type { DistanceMetric } from "./pairwise.ts";
import { requireFloat32 } from "./require-float32.ts";
import { requireFloat32Vector } from "./require-float32-vector.ts";
import type { Sums } from "./sums.ts";
import { unitRows } from "./unit-rows.ts";

/** How alike two points of a held table are: a distance, as `max(D) - D`, a cosine, or a scalar product. */
export type HeldMetric = DistanceMetric | "dot";

/** How alike all pairs of points are, `S`, `[n, n]`, kept where it was computed, to be asked round after round. */
export interface HeldTable {
  /** n. */
  readonly size: number;
  /** `gains` of the kernels on S: `sum_i max(0, S_ij - cover_i)`, within 1e-5 of `sum_i |S_ij| + |cover_i|`, or of 1. */
  gains(cover: ArrayLike<number>): Promise<Float32Array>;
  /** Row i of S, `[n]`: how alike all points are to point i, an integer in `[0, n)`. What a cover grows by. */
  row(i: number): Promise<Float32Array>;
  /** `herdingScores` of the kernels on S, within 1e-5 of its largest entry by size. */
  herdingScores(chosen: ArrayLike<number>, options?: { target?: ArrayLike<number> }): Promise<Float32Array>;
  /** Frees the table. A second call does nothing. */
  dispose(): Promise<void>;
}

const metrics: readonly HeldMetric[] = ["l1", "l2", "cosine", "dot"];

/** `hold` on one back end. */
export function createHold(
  sums: Sums,
): (points: Matrix, options: { readonly metric: HeldMetric }) => Promise<HeldTable> {
  return async (points, options) => {
    requireMatrix("hold", "points", points);
    requireOptions("hold", options);
    const { metric } = options;
    requireChoice("hold", "metric", metric, metrics);
    const [size, cols] = points.shape;
    const raw = rowMajor(points);
    const x = metric === "cosine" ? unitRows("hold", raw, size, cols) : raw;
    const held = await sums.hold(metric, x, size, cols);
    requireFloat32("hold", "points", held.largest, 1);
    // the table holds distances, S = top - D, or the scalar products themselves
    const top = metric === "cosine" ? 1 : held.largest.reduce((most, value) => Math.max(most, value), 0);
    const isDot = metric === "dot";
    const diagonal = isDot ? held.diagonal : new Float32Array(size).fill(top);
    let released: Promise<void> | undefined;
    const requireHeld = (name: string): void => {
      if (released !== undefined) throw new Error(`${name}: the table was disposed of; hold it anew`);
    };
    return {
      size,
      async gains(cover) {
        requireHeld("gains");
        requireFloat32Vector("gains", "cover", cover, size);
        const out = isDot
          ? await held.columns("rise", Float32Array.from(cover))
          : await held.columns(
              "fall",
              Float32Array.from(cover, (value) => top - value),
            );
        requireFloat32("gains", "cover", out, 1);
        return out;
      },
      async herdingScores(chosen, { target } = {}) {
        requireHeld("herdingScores");
        requireIndices("herdingScores", "chosen", chosen, size);
        if (target !== undefined) requireFloat32Vector("herdingScores", "target", target, size);
        const c = herdingCoefficients(size, chosen, target);
        const along = await held.columns("weighted", Float32Array.from(c));
        if (!isDot) {
          const whole = top * c.reduce((sum, value) => sum + value, 0);
          for (let i = 0; i < size; i++) along[i] = whole - along[i];
        }
        requireFloat32("herdingScores", "target", along, 1);
        return herdingScoresFrom(c, along, diagonal, chosen.length + 1);
      },
      async row(i) {
        requireHeld("row");
        requireIndices("row", "i", [i], size);
        const row = await held.row(i);
        return isDot ? row : row.map((distance) => top - distance);
      },
      dispose() {
        released ??= held.release();
        return released;
      },
    };
  };
}
