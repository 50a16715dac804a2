import type { Climb, Steps } from "../climb.ts";
import type { Workspace } from "./workspace.ts";

/** Float64 numbers at the start of a state: the gain of the last item, unit, roundings, evaluations. */
const HEAD = 4;
/** Steps that have room in a state. */
const STEPS = 64;

/** Where rows of similarities and the state of greedy on them stand in a workspace; see `assembly/climb.ts`. */
export interface GainLayout {
  readonly bytes: number;
  /** The views of a workspace; made anew only when its buffer is another one. */
  on(space: Workspace): GainState;
}

/** The arrays of a layout, and the kernels on them. */
export interface GainState {
  readonly rows: Float32Array;
  readonly cover: Float32Array;
  readonly gains: Float64Array;
  /** `[gain, unit, roundings, evaluations]`. */
  readonly head: Float64Array;
  /** Adds what `count` rows from `place` on bring above their cover. */
  addGains(place: number, count: number): void;
  /** Says that the cover of row `t` rises, as the rise `t` of the next call of `lower`. */
  rise(t: number, old: number, raised: number): void;
  /** Corrects the gains for `count` rises. */
  lower(count: number, slack: number): void;
  /** Raises the cover to the column of an item, which may be read as a row, and corrects the gains. */
  grow(item: number, turned: boolean): void;
  /** Takes up to {@link STEPS} steps of greedy. */
  climb(steps: Steps, turned: boolean): Climb;
}

/** Room for `rows` rows of `candidates` similarities. */
export function gainLayout(rows: number, candidates: number): GainLayout {
  const width = Math.ceil(candidates / 16) * 16;
  const stateAt = Math.ceil((rows * candidates) / 4) * 16;
  const gainsAt = stateAt + 8 * HEAD;
  const coverAt = gainsAt + 8 * 4 * width;
  const listAt = coverAt + 16 * Math.ceil(rows / 4);
  const addedAt = listAt + 16 * rows;
  const itemsAt = addedAt + 8 * STEPS;
  const bytes = itemsAt + 4 * STEPS;
  const rowBytes = 4 * candidates;
  let state: GainState | undefined;

  const open = ({ buffer, kernels }: Workspace): GainState => {
    const shut = new Float64Array(buffer, gainsAt + 8 * 3 * width, width);
    const starts = new Uint32Array(buffer, listAt, 4 * rows);
    const covers = new Float32Array(buffer, listAt, 4 * rows);
    const added = new Float64Array(buffer, addedAt, STEPS);
    const items = new Int32Array(buffer, itemsAt, STEPS);
    const head = new Float64Array(buffer, stateAt, HEAD);
    return {
      rows: new Float32Array(buffer, 0, rows * candidates),
      cover: new Float32Array(buffer, coverAt, rows),
      gains: new Float64Array(buffer, gainsAt, candidates),
      head,
      addGains: (place, count) =>
        kernels.addGains(place * rowBytes, count, candidates, coverAt + 4 * place, gainsAt),
      rise(t, old, raised) {
        starts[4 * t] = t * rowBytes;
        covers[4 * t + 1] = old;
        covers[4 * t + 2] = raised;
      },
      lower: (count, slack) => kernels.lower(listAt, count, candidates, gainsAt, slack),
      grow: (item, turned) => kernels.grow(0, rows, candidates, turned ? 1 : 0, stateAt, item),
      climb({ open, most, ties, minGain }, turned) {
        shut.fill(Number.NEGATIVE_INFINITY);
        for (let j = 0; j < open.length; j++) if (open[j] === 1) shut[j] = 0;
        head[3] = 0;
        const high = ties === "high" ? 1 : 0;
        const limit = Math.min(most, STEPS);
        const count = kernels.climb(0, rows, candidates, turned ? 1 : 0, stateAt, limit, high, minGain);
        return { count, items, gains: added, evaluations: head[3] };
      },
    };
  };
  return {
    bytes,
    on(space) {
      if (state?.gains.buffer !== space.buffer) state = open(space);
      return state;
    },
  };
}
