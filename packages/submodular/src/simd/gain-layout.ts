import type { Growth } from "../kept-gains.ts";
import type { Workspace } from "./workspace.ts";

/** Where rows of similarities, their cover, and the gains of all candidates stand in a workspace. */
export interface GainLayout {
  readonly bytes: number;
  /** The views of a workspace; made anew only when its buffer is another one. */
  on(space: Workspace): GainViews;
}

/** The arrays of a layout, and the kernels on them. */
export interface GainViews {
  readonly rows: Float32Array;
  readonly cover: Float32Array;
  readonly gains: Float64Array;
  /** Adds what `count` rows from `place` on bring above their cover. */
  addGains(place: number, count: number): void;
  /** Corrects the gains for a row whose cover rises. */
  raise(row: number, old: number, raised: number): void;
  /** Raises the cover to the column of an item, which may be read as a row, and corrects the gains. */
  grow(item: number, asRow: boolean): Growth;
}

/** Room for `rows` rows of `candidates` similarities. */
export function gainLayout(rows: number, candidates: number): GainLayout {
  const gainsAt = Math.ceil((rows * candidates) / 2) * 8;
  const coverAt = gainsAt + 8 * candidates;
  const countAt = coverAt + 4 * rows;
  const rowBytes = 4 * candidates;
  let views: GainViews | undefined;

  const open = ({ buffer, kernels }: Workspace): GainViews => {
    const count = new Int32Array(buffer, countAt, 1);
    return {
      rows: new Float32Array(buffer, 0, rows * candidates),
      cover: new Float32Array(buffer, coverAt, rows),
      gains: new Float64Array(buffer, gainsAt, candidates),
      addGains: (place, count) =>
        kernels.addGains(place * rowBytes, count, candidates, coverAt + 4 * place, gainsAt),
      raise: (row, old, raised) => kernels.raise(row * rowBytes, candidates, old, raised, gainsAt),
      grow(item, asRow) {
        const start = item * (asRow ? rowBytes : 4);
        const step = asRow ? 4 : rowBytes;
        const gain = kernels.grow(0, rows, candidates, start, step, coverAt, gainsAt, countAt);
        return { gain, rises: count[0] };
      },
    };
  };
  return {
    bytes: countAt + 4,
    on(space) {
      if (views?.gains.buffer !== space.buffer) views = open(space);
      return views;
    },
  };
}
