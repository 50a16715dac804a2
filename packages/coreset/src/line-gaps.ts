/** Points in ascending order; medoids and candidates are places in it. */
export interface Line {
  readonly x: Float64Array;
  /** Index of the point at each place. */
  readonly index: Int32Array;
  /** Largest distance. */
  readonly width: number;
  /** Gains this close are equal but for rounding. */
  readonly tie: number;
}

/**
 * The points between two neighbouring chosen places, or beyond the outermost: the largest gain among them and who has it.
 * A point gains from no point beyond the gap's ends, so a gap's gains depend on nothing else.
 */
export interface Gap {
  /** Chosen places, -1 and n where there is none. */
  readonly left: number;
  readonly right: number;
  readonly gain: number;
  readonly best: readonly number[];
  /** The two gaps that each of its candidates leaves, once somebody asked. */
  readonly parts: Map<number, readonly [Gap, Gap]>;
}

const TIE = 1e-12;

/** The points of a line sorted, equal ones by index. */
export function toLine(values: ArrayLike<number>): Line {
  const index = Int32Array.from({ length: values.length }, (_, i) => i);
  index.sort((a, b) => values[a] - values[b] || a - b);
  const x = Float64Array.from(index, (i) => values[i]);
  const width = x[x.length - 1] - x[0];
  return { x, index, width, tie: TIE * width };
}

/** The gap between two chosen places. */
export function gapBetween(line: Line, left: number, right: number): Gap {
  const gains = new Float64Array(Math.max(0, right - left - 1));
  let gain = 0;
  for (let at = 0; at < gains.length; at++) {
    gains[at] = gainOf(line, left, right, left + 1 + at);
    gain = Math.max(gain, gains[at]);
  }
  const best: number[] = [];
  gains.forEach((own, at) => {
    if (own >= gain - line.tie) best.push(left + 1 + at);
  });
  return { left, right, gain, best, parts: new Map() };
}

/** What a candidate leaves of its gap. */
export function splitGap(line: Line, gap: Gap, place: number): readonly [Gap, Gap] {
  const before = gap.parts.get(place);
  if (before !== undefined) return before;
  const parts = [gapBetween(line, gap.left, place), gapBetween(line, place, gap.right)] as const;
  gap.parts.set(place, parts);
  return parts;
}

/** What candidate j saves: it is nearer than the gap's ends only to the points around it, up to halfway. */
function gainOf({ x, width }: Line, left: number, right: number, j: number): number {
  const near = (i: number): number =>
    Math.min(left < 0 ? width : x[i] - x[left], right === x.length ? width : x[right] - x[i]);
  let gain = near(j);
  for (let i = j - 1; i > left; i--) {
    const saved = near(i) - (x[j] - x[i]);
    if (saved <= 0) break;
    gain += saved;
  }
  for (let i = j + 1; i < right; i++) {
    const saved = near(i) - (x[i] - x[j]);
    if (saved <= 0) break;
    gain += saved;
  }
  return gain;
}
