import { adamNormalize } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import { createKernels } from "@colm/kernels";
import { directionalGradients } from "@colm/spsa";

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
    const results = {
      stored: (await kernels.normalizedFeatures(state, points, stream)).data,
      directional: (await kernels.normalizedFeatures(state, gradients, stream)).data,
      l1: (await kernels.pairwise(points, "l1")).data,
      l2: (await kernels.pairwise(points, "l2")).data,
      cosine: (await kernels.pairwise(points, "cosine")).data,
      gram: gram.data,
      gains: await kernels.gains(points, normal(new Float32Array(n), { seed: 5 })),
      herdingScores: await kernels.herdingScores(gram, [n - 1]),
    };
    for (const [name, numbers] of Object.entries(results))
      tables[`${name} ${n} x ${d}`] = Array.from(numbers);
  }
  await kernels.dispose();
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
