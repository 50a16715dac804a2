import { adamNormalize } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import { createKernels } from "@colm/kernels";
import { directionalGradients } from "@colm/spsa";
import { drawInputs } from "../../../packages/kernels/src/draw-normals.ts";
import { openGpu } from "../../../packages/kernels/src/gpu-adapter.ts";
import { halfWordSource } from "../../../packages/kernels/src/normal-sources.ts";

/** What the kernels of one mode computed, as plain numbers. */
export interface KernelResults {
  readonly mode: string;
  readonly tables: Readonly<Record<string, number[]>>;
}

/** Rows and columns that no block or tile divides, and 1. */
const shapes: readonly [number, number][] = [
  [1, 1],
  [2, 7],
  [17, 257],
  [33, 301],
];

/** Every function of the kernels in one mode, on odd shapes. */
export async function compute(mode: "webgpu" | "webgl2" | "webasm" | "cpu"): Promise<KernelResults> {
  const kernels = await createKernels({ mode });
  const tables: Record<string, number[]> = {};
  for (const [n, d] of shapes) {
    const points: Matrix = matrix(normal(new Float32Array(n * d), { seed: 10 * n + d }), n, d);
    const gram = await kernels.gram(points);
    const adam = adamNormalize();
    const state = adam.advance(adam.init(d), points, [0]);
    const coefficients = matrix(normal(new Float32Array(n * 3), { seed: d }), n, 3);
    const gradients = directionalGradients(coefficients, { dimension: d, seed: 1 });
    const stream = {
      keep: Math.ceil(d / 4),
      groups: Array.from({ length: n }, (_, i) => i % 3),
      normalizer: adam,
    };
    const held = await kernels.hold(points, { metric: "l2" });
    const results = {
      heldRow: await held.row(n - 1),
      heldGains: await held.gains(new Float32Array(n).fill(0.5)),
      heldScores: await held.herdingScores([0]),
      stored: (await kernels.normalizedFeatures(state, points, stream)).data,
      directional: (await kernels.normalizedFeatures(state, gradients, stream)).data,
      l1: (await kernels.pairwise(points, "l1")).data,
      l2: (await kernels.pairwise(points, "l2")).data,
      cosine: (await kernels.pairwise(points, "cosine")).data,
      gram: gram.data,
      gains: await kernels.gains(points, normal(new Float32Array(n), { seed: 5 })),
      herdingScores: await kernels.herdingScores(gram, [n - 1]),
      medoidGains: (await kernels.selectMedoids(points, { count: Math.ceil(n / 2), metric: "l1" })).gains,
      cosineMedoids: (await kernels.selectMedoids(points, { count: 1, metric: "cosine" })).gains,
      herdingRun: (await kernels.herding(points, { count: Math.ceil(n / 2) })).scores,
      normals: (await kernels.normals(n, d, { seed: 7, stream: 65_535, start: 2 ** 18 - 5 })).data,
    };
    await held.dispose();
    for (const [name, numbers] of Object.entries(results))
      tables[`${name} ${n} x ${d}`] = Array.from(numbers);
  }
  await kernels.dispose();
  // the features have the same bits wherever directions are drawn
  const drawing = await createKernels({ mode, directions: "device" });
  const coefficients = matrix(normal(new Float32Array(21 * 5), { seed: 1 }), 21, 5);
  const gradients = directionalGradients(coefficients, { dimension: 9000, seed: 1 });
  const adam = adamNormalize();
  const drawn = await drawing.normalizedFeatures(adam.advance(adam.init(9000), gradients, [0]), gradients, {
    keep: 100,
    normalizer: adam,
  });
  tables["directions drawn on the device"] = Array.from(drawn.data);
  const wide = await drawing.normals(1, 9001, { seed: 7, start: 3 });
  tables["normals, wider than a texture"] = Array.from(wide.data);
  await drawing.dispose();
  const gpu = openGpu(mode);
  const { counters, keys } = drawInputs({ seed: 2 ** 53 - 1, stream: 65_530, count: 9 }, 2 ** 18 - 8);
  const parameters = { counters: "Array", keys: "Array" } as const;
  for (const half of ["low", "high"] as const) {
    const rows = await gpu
      .compile(halfWordSource(half, gpu.exclusiveOr), parameters)
      .run([9, 37], counters, keys);
    tables[`${half} halves of words`] = rows.flatMap((row) => Array.from(row));
  }
  await gpu.dispose();
  return { mode: kernels.mode, tables };
}

/** The modes that "auto" compared, and whether it took one of them. */
export async function automatic(): Promise<{ compared: string[]; took: boolean }> {
  const kernels = await createKernels();
  await kernels.gram(matrix(Float32Array.of(1, 2, 3, 4), 2, 2));
  const { mode, choices } = kernels;
  await kernels.dispose();
  const compared = choices.flatMap(({ onSample, onWhole }) => Object.keys({ ...onSample, ...onWhole }));
  return { compared, took: compared.includes(mode) };
}
