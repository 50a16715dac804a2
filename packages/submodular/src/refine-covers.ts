import type { ColumnReader, Matrix } from "@colm/array";

/** How the points are covered by the chosen candidates, best and second best. */
export interface Covers {
  /** Sum over the points of the best similarity, at least 0. */
  readonly value: number;
  /** The place where the candidate of `column` changes the value most, upwards; the first of equals. */
  best(column: Float32Array): { place: number; change: number };
  /** Puts the candidate of `column` in a place. */
  replace(place: number, column: Float32Array): void;
}

/** Covers by `medoids`, whose similarities are kept. */
export function coversOf(similarity: Matrix, columns: ColumnReader, medoids: Int32Array): Covers {
  const [points] = similarity.shape;
  const count = medoids.length;
  /** `[points, medoids]`. */
  const held = new Float32Array(points * count);
  const column = new Float32Array(points);
  for (let t = 0; t < count; t++) {
    columns.read(column, medoids[t]);
    for (let i = 0; i < points; i++) held[i * count + t] = column[i];
  }
  /** Place of the candidate that covers each point best, -1 where none is above 0. */
  const nearest = new Int32Array(points);
  const first = new Float32Array(points);
  const second = new Float32Array(points);
  /** What is lost, below 0, when a candidate goes and nothing comes: the sum of `second - first` over its points. */
  const losses = new Float64Array(count);
  const changes = new Float64Array(count);
  const touched = new Int32Array(points);
  let cheapest = 0;
  let value = 0;

  const look = (i: number): void => {
    nearest[i] = -1;
    first[i] = 0;
    second[i] = 0;
    const row = i * count;
    for (let t = 0; t < count; t++) {
      const s = held[row + t];
      if (s <= second[i]) continue;
      if (s > first[i]) {
        second[i] = first[i];
        first[i] = s;
        nearest[i] = t;
      } else second[i] = s;
    }
  };
  const total = (): void => {
    losses.fill(0);
    value = 0;
    for (let i = 0; i < points; i++) {
      value += first[i];
      if (nearest[i] >= 0) losses[nearest[i]] -= first[i] - second[i];
    }
    changes.set(losses);
    cheapest = losses.indexOf(losses.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY));
  };
  for (let i = 0; i < points; i++) look(i);
  total();

  return {
    get value() {
      return value;
    },
    best(column) {
      let shared = 0;
      let found = 0;
      for (let i = 0; i < points; i++) {
        const s = column[i];
        // most candidates are no better than the second best of most points
        if (s <= second[i]) continue;
        const t = nearest[i];
        if (s > first[i]) shared += s - first[i];
        if (t < 0) continue;
        changes[t] += Math.min(s, first[i]) - second[i];
        touched[found++] = t;
      }
      let place = cheapest;
      for (let c = 0; c < found; c++) {
        const t = touched[c];
        if (changes[t] > changes[place] || (changes[t] === changes[place] && t < place)) place = t;
      }
      const change = changes[place] + shared;
      for (let c = 0; c < found; c++) changes[touched[c]] = losses[touched[c]];
      return { place, change };
    },
    replace(place, column) {
      for (let i = 0; i < points; i++) {
        const old = held[i * count + place];
        held[i * count + place] = column[i];
        // only the two best matter, so look again only where the one that goes was among them
        if (nearest[i] === place || (old >= second[i] && old > 0)) look(i);
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
