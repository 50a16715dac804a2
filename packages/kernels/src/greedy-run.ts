import type { Chain, FusedStep } from "./fused-kernels.ts";
import type { GpuAdapter } from "./gpu-adapter.ts";
import type { GreedyProblem } from "./greedy-problem.ts";
import {
  addHerdedSource,
  addMedoidSource,
  alikeSource,
  bestSource,
  distanceSource,
  farthestSource,
  herdingWorthSource,
  medoidWorthSource,
  type PointBlocks,
  pointBlocks,
  productSource,
  rowTopSource,
} from "./greedy-sources.ts";
import type { DistanceMetric } from "./pairwise.ts";
import { paddedRows, sumBlocks } from "./sum-blocks.ts";

/** Rounds are compiled in such steps, so that few chains serve many budgets. */
const ROUND_STEP = 8;

/**
 * A greedy run as one fused chain: the table over all pairs and every round stay on the device. `[2, count]`: the points in the
 * order of their choice, then the gain of each, of herding the squared distance from the target after it.
 */
export async function greedyRun(gpu: GpuAdapter, problem: GreedyProblem): Promise<Float32Array> {
  const { rule, size, cols, count } = problem;
  const sizes = pointBlocks(size);
  const { points } = sizes;
  const { blocks, width } = sumBlocks(cols);
  const rounds = ROUND_STEP * Math.ceil(count / ROUND_STEP);
  const kind = rule === "medoids" ? problem.metric : rule;
  const chain = gpu.fuse([kind, points, cols, rounds].join(), () =>
    rule === "medoids"
      ? medoidChain(problem.metric, distanceSource(problem.metric, blocks, width), sizes, rounds)
      : herdingChain(productSource(blocks, width), sizes, rounds),
  );
  const rows = paddedRows(problem.x, size, cols, blocks * width);
  while (rows.length < points) rows.push(new Float32Array(blocks * width));
  const initial = initialState(size, points, kind);
  if (rule === "medoids") {
    const [state] = await chain.run(rows, initial);
    return chosenOf(state, count);
  }
  const target = new Float32Array(points);
  target.set(problem.target);
  const [state, alike] = await chain.run(rows, initial, target);
  return withScores(chosenOf(state, count), alike, problem.target);
}

/** No point chosen; rows that only fill up the table are never free, and represented by themselves. */
function initialState(size: number, points: number, kind: DistanceMetric | "herding"): Float32Array[] {
  const state = Array.from({ length: 4 }, () => new Float32Array(points));
  // cosines below 0 represent nothing; the other metrics count from the largest distance, found on the device
  state[0].fill(kind === "cosine" ? 1 : 0, 0, size);
  if (kind !== "herding") state[0].fill(-1, size);
  state[1].fill(-1, size);
  return state;
}

function medoidChain(metric: DistanceMetric, distances: string, sizes: PointBlocks, rounds: number): Chain {
  const { points } = sizes;
  const table = { name: "table", source: distances, shape: [points, points], reads: ["points"] } as const;
  const farthest: FusedStep[] = [
    { name: "tops", source: rowTopSource(sizes), shape: [1, points], reads: ["table", "initial"] },
    { name: "state 0", source: farthestSource(sizes), shape: [4, points], reads: ["initial", "tops"] },
  ];
  const start = metric === "cosine" ? "initial" : "state 0";
  return {
    inputs: ["points", "initial"],
    steps: [
      table,
      ...(metric === "cosine" ? [] : farthest),
      ...roundsOf(sizes, rounds, medoidWorthSource(sizes), "table", addMedoidSource(sizes), start),
    ],
    results: [`state ${rounds}`],
  };
}

function herdingChain(products: string, sizes: PointBlocks, rounds: number): Chain {
  const { points } = sizes;
  return {
    inputs: ["points", "state 0", "target"],
    steps: [
      { name: "table", source: products, shape: [points, points], reads: ["points"] },
      { name: "alike", source: alikeSource(sizes), shape: [2, points], reads: ["table", "target"] },
      ...roundsOf(sizes, rounds, herdingWorthSource, "alike", addHerdedSource(sizes), "state 0"),
    ],
    results: [`state ${rounds}`, "alike"],
  };
}

/** Round after round: what each point is worth, read from `compared`, and the state after the best one was chosen. */
function roundsOf(
  { points, chunks }: PointBlocks,
  rounds: number,
  worth: string,
  compared: string,
  choose: string,
  initial: string,
): FusedStep[] {
  const steps: FusedStep[] = [];
  let state = initial;
  for (let round = 1; round <= rounds; round++) {
    const after = `state ${round}`;
    steps.push(
      { name: `worth ${round}`, source: worth, shape: [1, points], reads: [compared, state] },
      { name: `best ${round}`, source: bestSource, shape: [1, chunks], reads: [`worth ${round}`] },
      {
        name: after,
        source: choose,
        shape: [4, points],
        reads: ["table", state, `worth ${round}`, `best ${round}`],
      },
    );
    state = after;
  }
  return steps;
}

/** The first `count` choices and what was noted of each. */
function chosenOf([, order, noted]: readonly Float32Array[], count: number): Float32Array {
  const out = new Float32Array(2 * count);
  for (let i = 0; i < order.length; i++) {
    const round = order[i];
    if (round < 1 || round > count) continue;
    out[round - 1] = i;
    out[count + round - 1] = noted[i];
  }
  return out;
}

/** Puts `|mean - mu|^2` after each choice in the place of the sum of scalar products `s.x` before it. */
function withScores(
  chosen: Float32Array,
  [alike, own]: readonly Float32Array[],
  target: Float64Array,
): Float32Array {
  const count = chosen.length / 2;
  let aim = 0;
  for (let i = 0; i < target.length; i++) aim += target[i] * alike[i];
  let square = 0;
  let along = 0;
  for (let t = 0; t < count; t++) {
    const i = chosen[t];
    square += 2 * chosen[count + t] + own[i];
    along += alike[i];
    const m = t + 1;
    chosen[count + t] = Math.max(0, square / (m * m) - (2 * along) / m + aim);
  }
  return chosen;
}
