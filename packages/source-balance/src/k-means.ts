import { uniform } from "@colm/array";

/** Rows of a row-major array, all of `dimension` entries. */
export interface Rows {
  readonly data: Float32Array | Float64Array;
  readonly count: number;
  readonly dimension: number;
}

/** A partition of rows around `k` centroids. */
export interface Partition {
  /** Row-major `[k, dimension]`. */
  readonly centroids: Float64Array;
  /** The nearest centroid of each row, the lower one of equals. */
  readonly labels: Int32Array;
  /** Sum over the rows of the squared distance to the nearest centroid. */
  readonly inertia: number;
}

/** Lloyd's iterations from k-means++ centroids until no label changes, at most `iterations` of them. */
export function kMeans(rows: Rows, k: number, iterations: number, seed: number, stream: number): Partition {
  let centroids = plusPlus(rows, k, seed, stream);
  let partition = label(rows, centroids);
  for (let t = 0; t < iterations; t++) {
    centroids = means(rows, partition.labels, k);
    const next = label(rows, centroids);
    const settled = next.labels.every((l, i) => l === partition.labels[i]);
    partition = next;
    if (settled) break;
  }
  return partition;
}

/** Squared distance of row `i` to centroid `c`. */
export function squaredDistance(rows: Rows, i: number, centroids: ArrayLike<number>, c: number): number {
  const { data, dimension } = rows;
  let sum = 0;
  for (let j = 0, a = i * dimension, b = c * dimension; j < dimension; j++, a++, b++) {
    const difference = data[a] - centroids[b];
    sum += difference * difference;
  }
  return sum;
}

/** Each next centroid is a row drawn with probability in proportion to its squared distance to the nearest so far. */
function plusPlus(rows: Rows, k: number, seed: number, stream: number): Float64Array {
  const { data, count, dimension } = rows;
  const centroids = new Float64Array(k * dimension);
  const draws = uniform(new Float64Array(k), { seed, stream });
  const nearest = new Float64Array(count).fill(1);
  for (let c = 0; c < k; c++) {
    const chosen = draw(nearest, draws[c]);
    centroids.set(data.subarray(chosen * dimension, (chosen + 1) * dimension), c * dimension);
    for (let i = 0; i < count; i++) {
      const distance = squaredDistance(rows, i, centroids, c);
      nearest[i] = c === 0 ? distance : Math.min(nearest[i], distance);
    }
  }
  return centroids;
}

/** The position where the running sum of the masses passes `u` of their total; one of positive mass. */
function draw(masses: Float64Array, u: number): number {
  let total = 0;
  for (const mass of masses) total += mass;
  let left = u * total;
  let chosen = 0;
  for (let i = 0; i < masses.length; i++) {
    if (masses[i] === 0) continue;
    chosen = i;
    left -= masses[i];
    if (left < 0) break;
  }
  return chosen;
}

function label(rows: Rows, centroids: Float64Array): Partition {
  const { count, dimension } = rows;
  const k = centroids.length / dimension;
  const labels = new Int32Array(count);
  let inertia = 0;
  for (let i = 0; i < count; i++) {
    let best = Number.POSITIVE_INFINITY;
    for (let c = 0; c < k; c++) {
      const distance = squaredDistance(rows, i, centroids, c);
      if (distance < best) {
        best = distance;
        labels[i] = c;
      }
    }
    inertia += best;
  }
  return { centroids, labels, inertia };
}

/** The means of the rows by label; a centroid that has lost every row moves onto the row farthest from its own mean. */
function means(rows: Rows, labels: Int32Array, k: number): Float64Array {
  const { data, count, dimension } = rows;
  const sums = new Float64Array(k * dimension);
  const sizes = new Int32Array(k);
  for (let i = 0; i < count; i++) {
    sizes[labels[i]]++;
    for (let j = 0; j < dimension; j++) sums[labels[i] * dimension + j] += data[i * dimension + j];
  }
  for (let c = 0; c < k; c++) {
    for (let j = 0; j < dimension; j++) sums[c * dimension + j] /= Math.max(sizes[c], 1);
  }
  const taken = new Set<number>();
  for (let c = 0; c < k; c++) {
    if (sizes[c] > 0) continue;
    let farthest = 0;
    let most = -1;
    for (let i = 0; i < count; i++) {
      const distance = taken.has(i) ? -1 : squaredDistance(rows, i, sums, labels[i]);
      if (distance > most) {
        most = distance;
        farthest = i;
      }
    }
    taken.add(farthest);
    sums.set(data.subarray(farthest * dimension, (farthest + 1) * dimension), c * dimension);
  }
  return sums;
}
