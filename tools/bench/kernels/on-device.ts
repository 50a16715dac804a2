import { adamNormalize, normalizedFeatures } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import { createKernels, type KernelMode, type Kernels } from "@colm/kernels";
import { type DirectionalGradients, directionalGradients } from "@colm/spsa";
import { selectMedoids } from "@colm/submodular";
import { interleave, type Outcome } from "../measure.ts";

const [POINTS, COORDINATES, CHOSEN] = [512, 64, 32];
const [DIRECTIONS, DIMENSION] = [8, 16_384];
const [POOL, KEPT] = [128, 1024];
const SCHEDULE = { rounds: 3, warmup: 1 };

type Work = () => Outcome | Promise<Outcome>;

/**
 * What stays on the device, in one mode of gpu.js, each kind in turns with the functions of the CPU: greedy runs of 32 rounds as single
 * launches that hand the table over every time, on a held table, and as one fused chain; eight directions drawn there, alone and
 * for the stream. Says what was chosen alike and how far draws are off.
 */
export async function onDevice(
  mode: KernelMode,
): Promise<{ figures: Record<string, number>; notes: string[] }> {
  const kernels = await createKernels({ mode });
  const drawing = await createKernels({ mode, directions: "device" });
  const points = matrix(normal(new Float32Array(POINTS * COORDINATES), { seed: 1 }), POINTS, COORDINATES);
  const figures: Record<string, number> = {};
  const notes: string[] = [];
  const measure = async (kind: string, ways: Record<string, Work>): Promise<void> => {
    for (const [way, ms] of Object.entries(await interleave(ways, SCHEDULE))) {
      const name = way === "cpu_function" ? way : `gpujs_${mode}${way === "" ? "" : `_${way}`}`;
      figures[`${kind}_${name}_ms`] = ms;
    }
  };
  const medoids: Record<string, () => Promise<Int32Array>> = {
    cpu_function: async () => selectMedoids(points, { count: CHOSEN, metric: "l1" }).indices,
    single_launches: () => medoidsByLaunches(kernels, points),
    held: () => medoidsOnHeld(kernels, points),
    pipeline: async () => (await kernels.selectMedoids(points, { count: CHOSEN, metric: "l1" })).indices,
  };
  const herded: Record<string, () => Promise<Int32Array>> = {
    single_launches: () => herdedByLaunches(kernels, points),
    held: () => herdedOnHeld(kernels, points),
    pipeline: async () => (await kernels.herding(points, { count: CHOSEN })).indices,
  };
  notes.push(await alike("medoids", medoids), await alike("herding", herded));
  await measure(`medoids_${POINTS}x${COORDINATES}_choose_${CHOSEN}`, medoids);
  await measure(`herding_${POINTS}x${COORDINATES}_choose_${CHOSEN}`, herded);

  await measure(`normals_${DIRECTIONS}x${DIMENSION}`, {
    cpu_function: drawOnCpu,
    "": () => kernels.normals(DIRECTIONS, DIMENSION, { seed: 1 }),
  });
  const off = largestError(await kernels.normals(DIRECTIONS, DIMENSION, { seed: 1 }), drawOnCpu());
  notes.push(`draws are off by at most ${off.toExponential(1)} of themselves`);

  const adam = adamNormalize();
  const state = adam.advance(adam.init(DIMENSION), estimates(0), [0, 1, 2]);
  const stream = { keep: KEPT, normalizer: adam };
  await measure(`stream_${POOL}x${DIMENSION}`, {
    cpu_function: () => normalizedFeatures(state, estimates(1), stream),
    drawn_on_cpu: () => kernels.normalizedFeatures(state, estimates(1), stream),
    drawn_on_device: () => drawing.normalizedFeatures(state, estimates(1), stream),
  });
  if (kernels.mode !== mode || drawing.mode !== mode)
    throw new Error(`gpu.js: ${mode} ran on ${kernels.mode}`);
  await kernels.dispose();
  await drawing.dispose();
  return { figures, notes };
}

/** In how many rounds all ways chose the same. */
async function alike(kind: string, ways: Record<string, () => Promise<Int32Array>>): Promise<string> {
  const chosen: Int32Array[] = [];
  for (const way of Object.values(ways)) chosen.push(await way());
  const same = chosen[0].filter((index, t) => chosen.every((other) => other[t] === index)).length;
  return `${kind}: ${same} of ${CHOSEN} choices alike in ${Object.keys(ways).join(", ")}`;
}

async function medoidsByLaunches(kernels: Kernels, points: Matrix): Promise<Int32Array> {
  const { data } = await kernels.pairwise(points, "l1");
  let top = 0;
  for (const distance of data) top = Math.max(top, distance);
  const s = matrix(
    Float32Array.from(data, (value) => top - value),
    POINTS,
    POINTS,
  );
  return greedy(
    (cover) => kernels.gains(s, cover),
    async (i) => s.data.subarray(i * POINTS, (i + 1) * POINTS),
  );
}

async function medoidsOnHeld(kernels: Kernels, points: Matrix): Promise<Int32Array> {
  const held = await kernels.hold(points, { metric: "l1" });
  const chosen = await greedy(held.gains, held.row);
  await held.dispose();
  return chosen;
}

/** Greedy over gains that somebody else computes. */
async function greedy(
  gainsOf: (cover: Float32Array) => Promise<Float32Array>,
  rowOf: (i: number) => Promise<ArrayLike<number>>,
): Promise<Int32Array> {
  const cover = new Float32Array(POINTS);
  const chosen = new Int32Array(CHOSEN);
  for (let t = 0; t < CHOSEN; t++) {
    const gains = await gainsOf(cover);
    const best = gains.indexOf(gains.reduce((a, b) => Math.max(a, b)));
    const row = await rowOf(best);
    for (let i = 0; i < POINTS; i++) cover[i] = Math.max(cover[i], row[i]);
    chosen[t] = best;
  }
  return chosen;
}

async function herdedByLaunches(kernels: Kernels, points: Matrix): Promise<Int32Array> {
  const gram = await kernels.gram(points);
  return herd((chosen) => kernels.herdingScores(gram, chosen));
}

async function herdedOnHeld(kernels: Kernels, points: Matrix): Promise<Int32Array> {
  const held = await kernels.hold(points, { metric: "dot" });
  const chosen = await herd(held.herdingScores);
  await held.dispose();
  return chosen;
}

/** Herding over scores that somebody else computes. */
async function herd(scoresOf: (chosen: number[]) => Promise<Float32Array>): Promise<Int32Array> {
  const chosen: number[] = [];
  for (let t = 0; t < CHOSEN; t++) {
    const scores = await scoresOf(chosen);
    for (const i of chosen) scores[i] = Number.POSITIVE_INFINITY;
    chosen.push(scores.indexOf(scores.reduce((a, b) => Math.min(a, b))));
  }
  return Int32Array.from(chosen);
}

function drawOnCpu(): Float32Array {
  const out = new Float32Array(DIRECTIONS * DIMENSION);
  for (let k = 0; k < DIRECTIONS; k++) {
    normal(out.subarray(k * DIMENSION, (k + 1) * DIMENSION), { seed: 1, stream: k });
  }
  return out;
}

function largestError({ data }: Matrix, expected: Float32Array): number {
  let largest = 0;
  for (let i = 0; i < data.length; i++) {
    largest = Math.max(largest, Math.abs(data[i] - expected[i]) / Math.abs(expected[i]));
  }
  return largest;
}

function estimates(seed: number): DirectionalGradients {
  const coefficients = matrix(normal(new Float32Array(POOL * DIRECTIONS), { seed }), POOL, DIRECTIONS);
  return directionalGradients(coefficients, { dimension: DIMENSION, seed: 1, step: seed, fresh: true });
}
