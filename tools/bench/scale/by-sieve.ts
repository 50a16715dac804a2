import { logDeterminantStream, sieveStreaming, threeSieves } from "@colm/submodular";
import { clusteredRows, DIMENSION } from "./points.ts";

const COUNT = 50;
/** Rows that are drawn at a time. */
const BLOCK = 1000;
/** About the squared distance of two points of a cluster. */
const WIDTH = 16;

/** A summary of 50 points by log-determinant, from a stream of rows that nobody keeps. */
export async function bySieve(
  name: "threeSieves" | "sieveStreaming",
  n: number,
): Promise<Record<string, number>> {
  async function* rows(): AsyncGenerator<Float32Array> {
    for (let first = 0; first < n; first += BLOCK) {
      const count = Math.min(BLOCK, n - first);
      const block = clusteredRows(n, first, count);
      for (let i = 0; i < count; i++) yield block.slice(i * DIMENSION, (i + 1) * DIMENSION);
    }
  }
  const kernel = (a: Float32Array, b: Float32Array): number => {
    let sum = 0;
    for (let t = 0; t < DIMENSION; t++) sum += (a[t] - b[t]) ** 2;
    return Math.exp(-sum / WIDTH);
  };
  const start = logDeterminantStream({ kernel });
  const onProgress = (seen: number): void => {
    if (seen % 10_000 === 0) console.error(`${name}: ${seen} rows seen`);
  };
  const options = { count: COUNT, epsilon: 0.2, onProgress };
  const begin = performance.now();
  const found =
    name === "threeSieves"
      ? await threeSieves(rows(), start, { ...options, patience: Math.ceil(n / 200) })
      : await sieveStreaming(rows(), start, options);
  return {
    s: (performance.now() - begin) / 1000,
    kept: found.items.length,
    value_over_bound: found.value / found.upperBound,
  };
}
