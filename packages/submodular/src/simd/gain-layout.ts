import type { Rises } from "../kept-gains.ts";
import type { Workspace } from "./workspace.ts";

/** Where rows of similarities, gains, and what rises stand in a workspace. */
export interface GainLayout {
  readonly bytes: number;
  /** The views of a workspace; made anew only when its buffer is another one. */
  on(space: Workspace): GainViews;
}

/** The arrays of a layout. */
export interface GainViews {
  readonly rows: Float32Array;
  readonly gains: Float64Array;
  /** Adds what `count` rows, the first at `cover[0]`, bring above their cover. */
  addGains(cover: Float32Array, count: number): void;
  /** Corrects the gains for rises `[start, end)`; row t stands at its point, or at `t - start` if `packed`. */
  raise(rises: Rises, start: number, end: number, packed: boolean): void;
}

/** Room for `rows` rows of `candidates` similarities. */
export function gainLayout(rows: number, candidates: number): GainLayout {
  const gainsAt = Math.ceil((rows * candidates) / 2) * 8;
  const indexAt = gainsAt + 8 * candidates;
  const oldsAt = indexAt + 4 * rows;
  const raisedAt = oldsAt + 4 * rows;
  let views: GainViews | undefined;

  const open = ({ buffer, kernels }: Workspace): GainViews => {
    const index = new Int32Array(buffer, indexAt, rows);
    const olds = new Float32Array(buffer, oldsAt, rows);
    const raised = new Float32Array(buffer, raisedAt, rows);
    return {
      rows: new Float32Array(buffer, 0, rows * candidates),
      gains: new Float64Array(buffer, gainsAt, candidates),
      addGains(cover, count) {
        olds.set(cover);
        kernels.addGains(0, count, candidates, oldsAt, gainsAt);
      },
      raise(rises, start, end, packed) {
        for (let t = start; t < end; t++) {
          index[t - start] = packed ? t - start : rises.points[t];
          olds[t - start] = rises.olds[t];
          raised[t - start] = rises.raised[t];
        }
        kernels.raise(0, indexAt, end - start, candidates, oldsAt, raisedAt, gainsAt);
      },
    };
  };
  return {
    bytes: raisedAt + 4 * rows,
    on(space) {
      if (views?.gains.buffer !== space.buffer) views = open(space);
      return views;
    },
  };
}
