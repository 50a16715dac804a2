import type { Climb, Steps } from "../climb.ts";
import { GROUP } from "../rises.ts";
import type { Workspace } from "./workspace.ts";

/** Bytes of the head of a state: four float64 and four int32. */
const HEAD = 48;
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
  /** So many rows, the first ones, stand in `rows` from the start on. */
  readonly resident: number;
  readonly rows: Float32Array;
  readonly cover: Float32Array;
  readonly column: Float32Array;
  readonly gains: Float64Array;
  /** `[gain of the last item, unit, roundings, evaluations]`. */
  readonly head: Float64Array;
  /** Says what stands here. */
  describe(symmetric: boolean): void;
  /** Sums up all gains above the cover; returns whether the similarities are symmetric. */
  start(): boolean;
  /** Raises the cover to the column of an item and corrects the gains. */
  grow(item: number): void;
  /** Takes up to {@link STEPS} steps of greedy. */
  climb(steps: Steps): Climb;
}

/** For `points` rows of `candidates` similarities, of which the first `resident` stay; the others have room by groups. */
export function gainLayout(points: number, candidates: number, resident: number): GainLayout {
  const room = Math.min(points, resident + GROUP);
  const width = Math.ceil(candidates / 16) * 16;
  const stateAt = Math.ceil((room * candidates) / 4) * 16;
  const gainsAt = stateAt + HEAD;
  const coverAt = gainsAt + 8 * 4 * width;
  const columnAt = coverAt + 16 * Math.ceil(points / 4);
  const listAt = columnAt + 16 * Math.ceil(points / 4);
  const addedAt = listAt + 16 * points;
  const itemsAt = addedAt + 8 * STEPS;
  const bytes = itemsAt + 4 * STEPS;
  let state: GainState | undefined;

  const open = ({ buffer, kernels }: Workspace): GainState => {
    const shut = new Float64Array(buffer, gainsAt + 8 * 3 * width, width);
    const added = new Float64Array(buffer, addedAt, STEPS);
    const items = new Int32Array(buffer, itemsAt, STEPS);
    const head = new Float64Array(buffer, stateAt, 4);
    const sizes = new Int32Array(buffer, stateAt + 32, 4);
    return {
      resident,
      rows: new Float32Array(buffer, 0, room * candidates),
      cover: new Float32Array(buffer, coverAt, points),
      column: new Float32Array(buffer, columnAt, points),
      gains: new Float64Array(buffer, gainsAt, candidates),
      head,
      describe(symmetric) {
        sizes.set([points, candidates, resident, Number(symmetric)]);
      },
      start() {
        kernels.start(stateAt);
        return sizes[3] === 1;
      },
      grow(item) {
        kernels.grow(stateAt, item);
      },
      climb({ open, most, ties, minGain }) {
        shut.fill(Number.NEGATIVE_INFINITY);
        for (let j = 0; j < open.length; j++) if (open[j] === 1) shut[j] = 0;
        head[3] = 0;
        const count = kernels.climb(stateAt, Math.min(most, STEPS), Number(ties === "high"), minGain);
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
