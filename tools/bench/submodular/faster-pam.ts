/** The medoids that swaps lead to, and the sum over points of the distance to the nearest one. */
export interface PlainMedoids {
  readonly indices: Int32Array;
  readonly loss: number;
}

/**
 * FasterPAM as its paper writes it (Schubert & Rousseeuw 2021, algorithm 4), for the comparison: distances in float64,
 * nearest and second nearest medoid of each point, a swap as soon as the best one for a candidate lowers the loss.
 */
export function fasterPam(distances: Float64Array, n: number, start: Int32Array): PlainMedoids {
  const indices = start.slice();
  const k = indices.length;
  const nearest = new Int32Array(n);
  const second = new Int32Array(n);
  const toNearest = new Float64Array(n);
  const toSecond = new Float64Array(n);
  const removal = new Float64Array(k);
  const change = new Float64Array(k);
  const look = (i: number): void => {
    toNearest[i] = Number.POSITIVE_INFINITY;
    toSecond[i] = Number.POSITIVE_INFINITY;
    for (let t = 0; t < k; t++) {
      const d = distances[i * n + indices[t]];
      if (d < toNearest[i]) {
        second[i] = nearest[i];
        toSecond[i] = toNearest[i];
        nearest[i] = t;
        toNearest[i] = d;
      } else if (d < toSecond[i]) {
        second[i] = t;
        toSecond[i] = d;
      }
    }
  };
  const sumRemovals = (): void => {
    removal.fill(0);
    for (let i = 0; i < n; i++) removal[nearest[i]] += toSecond[i] - toNearest[i];
  };
  const swap = (place: number, candidate: number): void => {
    indices[place] = candidate;
    for (let i = 0; i < n; i++) {
      const d = distances[i * n + candidate];
      if (nearest[i] === place || second[i] === place) look(i);
      else if (d < toNearest[i]) {
        second[i] = nearest[i];
        toSecond[i] = toNearest[i];
        nearest[i] = place;
        toNearest[i] = d;
      } else if (d < toSecond[i]) {
        second[i] = place;
        toSecond[i] = d;
      }
    }
    sumRemovals();
  };
  for (let i = 0; i < n; i++) look(i);
  sumRemovals();
  for (let candidate = 0, idle = 0; idle < n; candidate = (candidate + 1) % n, idle++) {
    if (indices.includes(candidate)) continue;
    change.set(removal);
    let shared = 0;
    for (let i = 0; i < n; i++) {
      const d = distances[candidate * n + i];
      if (d < toNearest[i]) {
        shared += d - toNearest[i];
        change[nearest[i]] += toNearest[i] - toSecond[i];
      } else if (d < toSecond[i]) change[nearest[i]] += d - toSecond[i];
    }
    let best = 0;
    for (let t = 1; t < k; t++) if (change[t] < change[best]) best = t;
    if (change[best] + shared >= 0) continue;
    swap(best, candidate);
    idle = 0;
  }
  return { indices, loss: toNearest.reduce((sum, d) => sum + d, 0) };
}
