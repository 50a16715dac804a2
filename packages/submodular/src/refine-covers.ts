import type { Matrix } from "@colm/array";
import type { ColumnReader } from "./column-reader.ts";

/** How the points are covered by the chosen candidates, best and second best. */
export interface Covers {
  /** Sum of `first`. */
  readonly value: number;
  /** Place of the candidate that covers each point best, -1 where none is above 0. */
  readonly nearest: Int32Array;
  /** Best and second best similarity of each point, at least 0. */
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** What is lost when a candidate goes and nothing comes: the sum of `first - second` over its points. */
  readonly losses: Float64Array;
  /** Puts the candidate of `column` in a place. */
  replace(place: number, column: Float32Array): void;
}

/** Covers by `medoids`, whose similarities are kept: `[medoids, points]`. */
export function coversOf(similarity: Matrix, columns: ColumnReader, medoids: Int32Array): Covers {
  const [points] = similarity.shape;
  const chosen = Array.from(medoids, (medoid) => {
    const column = new Float32Array(points);
    columns.read(column, medoid);
    return column;
  });
  const nearest = new Int32Array(points);
  const first = new Float32Array(points);
  const second = new Float32Array(points);
  const losses = new Float64Array(medoids.length);
  let value = 0;

  const look = (i: number): void => {
    nearest[i] = -1;
    first[i] = 0;
    second[i] = 0;
    for (let t = 0; t < chosen.length; t++) {
      const s = chosen[t][i];
      if (s > first[i]) {
        second[i] = first[i];
        first[i] = s;
        nearest[i] = t;
      } else if (s > second[i]) second[i] = s;
    }
  };
  const total = (): void => {
    losses.fill(0);
    value = 0;
    for (let i = 0; i < points; i++) {
      value += first[i];
      if (nearest[i] >= 0) losses[nearest[i]] += first[i] - second[i];
    }
  };
  for (let i = 0; i < points; i++) look(i);
  total();

  return {
    get value() {
      return value;
    },
    nearest,
    first,
    second,
    losses,
    replace(place, column) {
      const old = chosen[place].slice();
      chosen[place].set(column);
      for (let i = 0; i < points; i++) {
        // only the two best matter, so look again only where the one that goes was among them
        if (nearest[i] === place || (old[i] >= second[i] && old[i] > 0)) look(i);
        else if (column[i] > first[i]) {
          second[i] = first[i];
          first[i] = column[i];
          nearest[i] = place;
        } else if (column[i] > second[i]) second[i] = column[i];
      }
      total();
    },
  };
}
