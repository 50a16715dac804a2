import { blockedSum, pairTerms } from "./kernel-sources.ts";
import type { DistanceMetric } from "./pairwise.ts";
import type { PairTerm } from "./sums.ts";

/*
 * The kernels of greedy runs. Sizes stand in the text, because a chain has fixed ones. What goes from round to round is one table,
 * `state`, `[4, points]`:
 *
 *   0  of medoids the distance to the nearest one, of herding the sum of scalar products with those chosen;
 *   1  the round in which the point was chosen, from 1; 0 while it is free, -1 for rows that only fill up the table;
 *   2  its gain in that round, of herding its row 0 before it;
 *   3  the rounds so far.
 *
 * `worth` is what a free point is worth in this round; the largest wins, the lower index among equals.
 */

/** Points that one thread compares before the winners are compared. */
const CHUNK = 32;

/** How sums over the points are cut into blocks of at most 256, all of whole chunks. */
export interface PointBlocks {
  readonly blocks: number;
  readonly width: number;
  /** Their product: rows that a table of so many points is filled up to. */
  readonly points: number;
  readonly chunks: number;
}

/** The blocks for so many points, at least 1. */
export function pointBlocks(size: number): PointBlocks {
  const blocks = Math.ceil(size / 256);
  const width = CHUNK * Math.ceil(size / (CHUNK * blocks));
  const points = blocks * width;
  return { blocks, width, points, chunks: points / CHUNK };
}

const metricTerms: Readonly<Record<DistanceMetric, readonly [term: PairTerm, distance: string]>> = {
  l1: ["absolute", "total"],
  l2: ["squared", "Math.sqrt(total)"],
  cosine: ["squared", "0.5 * total"],
};

/** Entry (y, x): the distance of points y and x, under `"cosine"` of unit length. */
export function distanceSource(metric: DistanceMetric, blocks: number, width: number): string {
  const [term, distance] = metricTerms[metric];
  return `function (points) {
    ${pairSum(term, blocks, width)}
    return ${distance};
  }`;
}

/** Entry (y, x): the scalar product of points y and x. */
export function productSource(blocks: number, width: number): string {
  return `function (points) {
    ${pairSum("product", blocks, width)}
    return total;
  }`;
}

function pairSum(term: PairTerm, blocks: number, width: number): string {
  const at = `block * ${width} + k`;
  return blockedSum(`points[this.thread.y][${at}]`, `points[this.thread.x][${at}]`, pairTerms[term], {
    blocks,
    width,
  });
}

/** Entry (0, x): the largest distance of point x. */
export function rowTopSource({ points }: PointBlocks): string {
  return `function (table, initial) {
    var top = 0.0;
    for (var i = 0; i < ${points}; i++) {
      if (initial[1][i] > -0.5) {
        top = Math.max(top, table[this.thread.x][i]);
      }
    }
    if (initial[1][this.thread.x] < -0.5) {
      top = 0.0;
    }
    return top;
  }`;
}

/** The state before the first medoid: the nearest one is as far as anything. */
export function farthestSource({ points }: PointBlocks): string {
  return `function (initial, tops) {
    var out = initial[this.thread.y][this.thread.x];
    if (this.thread.y === 0 && initial[1][this.thread.x] > -0.5) {
      for (var i = 0; i < ${points}; i++) {
        out = Math.max(out, tops[0][i]);
      }
    }
    return out;
  }`;
}

/** Entry (0, x): the gain of point x, `sum_i max(0, nearest_i - D_ix)`; -1 where it is not free. */
export function medoidWorthSource(sizes: PointBlocks): string {
  const at = `block * ${sizes.width} + k`;
  return `function (table, state) {
    ${blockedSum(`state[0][${at}]`, `table[${at}][this.thread.x]`, "Math.max(a - b, 0.0)", sizes)}
    if (Math.abs(state[1][this.thread.x]) > 0.5) {
      total = -1.0;
    }
    return total;
  }`;
}

/** Entry (0, x): `sum_i w_i K_ix`, the scalar product of point x with the target; entry (1, x): its own with itself. */
export function alikeSource(sizes: PointBlocks): string {
  const at = `block * ${sizes.width} + k`;
  return `function (table, target) {
    ${blockedSum(`target[${at}]`, `table[${at}][this.thread.x]`, "a * b", sizes)}
    if (this.thread.y === 1) {
      total = table[this.thread.x][this.thread.x];
    }
    return total;
  }`;
}

/** Entry (0, x): minus what depends on x in `|(s + x) / m - mu|^2`; -3e38 where it is not free. */
export const herdingWorthSource: string = `function (alike, state) {
    var x = this.thread.x;
    var m = state[3][x] + 1.0;
    var worth = (2.0 * alike[0][x] - (2.0 * state[0][x] + alike[1][x]) / m) / m;
    if (Math.abs(state[1][x]) > 0.5) {
      worth = -3e38;
    }
    return worth;
  }`;

/** Entry (0, x): the point of the largest worth in chunk x. */
export const bestSource: string = `function (worth) {
    var first = this.thread.x * ${CHUNK};
    var best = 0.0;
    var most = worth[0][first];
    for (var k = 1; k < ${CHUNK}; k++) {
      var value = worth[0][first + k];
      if (value > most) {
        most = value;
        best = k;
      }
    }
    return first + best;
  }`;

/** The state after the point of the largest worth was chosen; `row` is its row 0, from `own` and the `pair` with the choice. */
function chooseSource({ chunks }: PointBlocks, row: string, kept: string): string {
  return `function (table, state, worth, best) {
    var at = best[0][0];
    var most = worth[0][at];
    for (var c = 1; c < ${chunks}; c++) {
      var other = best[0][c];
      var value = worth[0][other];
      if (value > most) {
        most = value;
        at = other;
      }
    }
    var x = this.thread.x;
    var y = this.thread.y;
    var own = state[y][x];
    var out = own;
    if (y === 0) {
      var pair = table[at][x];
      out = ${row};
    }
    if (y === 3) {
      out = own + 1.0;
    }
    var free = Math.abs(state[1][x]);
    if (Math.abs(x - at) + free < 0.5) {
      if (y === 1) {
        out = state[3][x] + 1.0;
      }
      if (y === 2) {
        out = ${kept};
      }
    }
    return out;
  }`;
}

/** The state after the best medoid was added. */
export function addMedoidSource(sizes: PointBlocks): string {
  return chooseSource(sizes, "Math.min(own, pair)", "worth[0][x]");
}

/** The state after the point was added that leaves the mean nearest. */
export function addHerdedSource(sizes: PointBlocks): string {
  return chooseSource(sizes, "own + pair", "state[0][x]");
}
