import { uniform } from "@colm/array";
import { gapHeap } from "./gap-heap.ts";
import { type Gap, gapBetween, type Line, splitGap, toLine } from "./line-gaps.ts";

/** Ways of settling exact ties that are followed. */
const RUNS = 32;

/** Chosen points of a line in greedy order, with the sizes of their clusters. */
export interface LineMedoids {
  readonly indices: Int32Array;
  readonly sizes: Int32Array;
}

/**
 * Greedy facility location of scalars, `f(A) = sum_i max_{j in A} (max(D) - |x_i - x_j|)`, without the `n^2` similarities.
 *
 * On a line an isolated pair of nearest neighbours gains exactly the same whichever of the two is taken, so most runs meet
 * ties, and what follows depends on them. 32 ways of settling them are followed: the larger index first, as the
 * reference's solver, and 31 by draws of a fixed seed. The one of largest `f` is returned. Every one is a greedy run;
 * where nothing is left to gain, the larger indices follow.
 *
 * @param values - Finite scalars, n of them.
 * @param count - How many to choose, in `[1, n]`.
 * @returns The chosen in greedy order; `sizes[t]` counts the points whose nearest chosen one is `indices[t]`, the earlier
 *   chosen among equally near ones, itself included.
 * @remarks A pick changes the gains of the one gap that it stands in, and the runs share what is known of a gap.
 *   O(n log n) time where gaps are halved and O(n^2) at worst, then O(n count) for the sizes; O(n) memory for each run's gaps.
 */
export function lineMedoids(values: ArrayLike<number>, count: number): LineMedoids {
  const line = toLine(values);
  const whole = gapBetween(line, -1, values.length);
  let best = greedy(line, whole, count, 0);
  for (let run = 1; best.tied && run < RUNS; run++) {
    const current = greedy(line, whole, count, run);
    if (current.value > best.value + line.tie) best = current;
  }
  const indices = Int32Array.from(best.places, (place) => line.index[place]);
  return { indices, sizes: clusterSizes(line, best.places) };
}

interface Run {
  readonly places: number[];
  /** `f`, the sum of the gains. */
  readonly value: number;
  readonly tied: boolean;
}

/** One greedy run. Run 0 takes the larger index of a tie, the others draw. */
function greedy(line: Line, whole: Gap, count: number, run: number): Run {
  const gaps = gapHeap();
  const places: number[] = [];
  let value = 0;
  let tied = false;
  gaps.push(whole);
  while (places.length < count) {
    const equal = popEqual(line, gaps);
    if (equal.length === 0) break;
    const candidates = equal.length === 1 ? equal[0].best : equal.flatMap(({ best }) => best);
    tied ||= candidates.length > 1;
    const place = candidates.length === 1 ? candidates[0] : settle(line, candidates, run, places.length);
    places.push(place);
    for (const gap of equal) {
      if (gap.left < place && place < gap.right) {
        value += gap.gain;
        for (const part of splitGap(line, gap, place)) gaps.push(part);
      } else {
        gaps.push(gap);
      }
    }
  }
  if (places.length < count) places.push(...largestIndices(line, places, count - places.length));
  return { places, value, tied };
}

/** Takes the gaps of largest gain; none when nothing is left to gain. */
function popEqual({ tie }: Line, gaps: ReturnType<typeof gapHeap>): Gap[] {
  const most = gaps.top()?.gain ?? 0;
  const equal: Gap[] = [];
  if (most <= tie) return equal;
  for (let top = gaps.top(); top !== undefined && top.gain >= most - tie; top = gaps.top()) {
    equal.push(top);
    gaps.pop();
  }
  return equal;
}

function settle({ index }: Line, candidates: readonly number[], run: number, pick: number): number {
  if (run === 0) return candidates.reduce((a, b) => (index[b] > index[a] ? b : a));
  const [draw] = uniform(new Float64Array(1), { seed: 0, stream: run, start: pick });
  return candidates[Math.floor(draw * candidates.length)];
}

function largestIndices({ index }: Line, taken: number[], count: number): number[] {
  const chosen = new Set(taken);
  const free = Array.from(index.keys()).filter((place) => !chosen.has(place));
  return free.sort((a, b) => index[b] - index[a]).slice(0, count);
}

function clusterSizes({ x }: Line, places: number[]): Int32Array {
  const sizes = new Int32Array(places.length).fill(1);
  const chosen = new Set(places);
  for (let i = 0; i < x.length; i++) {
    if (chosen.has(i)) continue;
    let nearest = 0;
    for (let t = 1; t < places.length; t++) {
      if (Math.abs(x[places[t]] - x[i]) < Math.abs(x[places[nearest]] - x[i])) nearest = t;
    }
    sizes[nearest]++;
  }
  return sizes;
}
