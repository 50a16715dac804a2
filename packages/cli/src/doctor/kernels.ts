import { adamNormalize, normalizedFeatures } from "@colm/adam-normalize";
import { type Matrix, matrix, normal } from "@colm/array";
import type { Kernels } from "@colm/kernels";
import type { Io } from "../io.ts";
import { attempted, checked, type Row, relativeError, shortest, told } from "./row.ts";

/** What the kernels promise: float32 sums in blocks, against float64 here. */
const TOLERANCE = 1e-5;

const MODES = ["webgpu", "webgl2", "webasm", "cpu"] as const;

/** Rows and columns that no block or tile divides. */
const [ROWS, COLUMNS] = [33, 301];

/** Every kernel in every mode that runs here, against its definition in plain loops. */
export async function kernelRows(io: Pick<Io, "now">): Promise<Row[]> {
  const kernels = await import("@colm/kernels").catch(() => undefined);
  if (kernels === undefined) {
    return [told("kernels", "@colm/kernels", "not installed (npm install @colm/kernels gpu.js)")];
  }
  const rows: Row[] = [];
  for (const mode of MODES) {
    const opened = await kernels.createKernels({ mode }).catch((error: unknown) => error);
    if (!isKernels(opened)) {
      rows.push(told("kernels", mode, "not on this machine"));
      continue;
    }
    try {
      for (const test of tests) {
        const name = `${mode} ${test.name}`;
        rows.push(await attempted("kernels", name, () => kernelRow(name, test, opened, io)));
      }
    } finally {
      await opened.dispose();
    }
  }
  return rows;
}

function isKernels(value: unknown): value is Kernels {
  return typeof value === "object" && value !== null && "gram" in value;
}

interface KernelTest {
  readonly name: string;
  run(kernels: Kernels): Promise<ArrayLike<number>>;
  expected(): ArrayLike<number>;
}

const points = (): Matrix => matrix(normal(new Float32Array(ROWS * COLUMNS), { seed: 11 }), ROWS, COLUMNS);
const adam = adamNormalize();
const stream = { keep: 17, normalizer: adam };

const tests: readonly KernelTest[] = [
  { name: "l1", run: async (k) => (await k.pairwise(points(), "l1")).data, expected: () => pairs(l1) },
  { name: "l2", run: async (k) => (await k.pairwise(points(), "l2")).data, expected: () => pairs(l2) },
  {
    name: "cosine",
    run: async (k) => (await k.pairwise(points(), "cosine")).data,
    expected: () => pairs(cosine),
  },
  { name: "gram", run: async (k) => (await k.gram(points())).data, expected: () => pairs(dot) },
  { name: "gains", run: (k) => k.gains(points(), cover()), expected: gains },
  {
    name: "herdingScores",
    run: async (k) => k.herdingScores(await k.gram(points()), [3, 8]),
    expected: herdingScores,
  },
  {
    name: "normalizedFeatures",
    run: async (k) => (await k.normalizedFeatures(adam.init(COLUMNS), points(), stream)).data,
    expected: () => normalizedFeatures(adam.init(COLUMNS), points(), stream).data,
  },
];

async function kernelRow(
  name: string,
  test: KernelTest,
  kernels: Kernels,
  { now }: Pick<Io, "now">,
): Promise<Row> {
  const error = relativeError(await test.run(kernels), test.expected());
  const milliseconds = await shortest(now, () => test.run(kernels));
  const found = `relative error ${error.toExponential(1)}, ${milliseconds.toFixed(1)} ms on ${ROWS} × ${COLUMNS}`;
  return checked("kernels", name, error < TOLERANCE, found);
}

type Pair = (a: (k: number) => number, b: (k: number) => number) => number;

/** A function of all pairs of points, by its definition, in float64. */
function pairs(of: Pair): number[] {
  const x = points();
  return Array.from({ length: ROWS * ROWS }, (_, p) => {
    const [i, j] = [Math.floor(p / ROWS), p % ROWS];
    return of(
      (k) => x.get(i, k),
      (k) => x.get(j, k),
    );
  });
}

function total(term: (k: number) => number): number {
  let sum = 0;
  for (let k = 0; k < COLUMNS; k++) sum += term(k);
  return sum;
}

const l1: Pair = (a, b) => total((k) => Math.abs(a(k) - b(k)));
const l2: Pair = (a, b) => Math.sqrt(total((k) => (a(k) - b(k)) ** 2));
const dot: Pair = (a, b) => total((k) => a(k) * b(k));
const cosine: Pair = (a, b) => Math.max(0, 1 - dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b)));

function cover(): Float32Array {
  return normal(new Float32Array(ROWS), { seed: 12 });
}

/** `sum_i max(0, s_ij - cover_i)` for every candidate j. */
function gains(): number[] {
  const [s, covered] = [points(), cover()];
  return Array.from({ length: COLUMNS }, (_, j) => {
    let sum = 0;
    for (let i = 0; i < ROWS; i++) sum += Math.max(0, s.get(i, j) - covered[i]);
    return sum;
  });
}

/** `|(x_3 + x_8 + x_i) / 3 - mean|^2` for every point i. */
function herdingScores(): number[] {
  const x = points();
  const mean = (k: number): number => {
    let sum = 0;
    for (let i = 0; i < ROWS; i++) sum += x.get(i, k);
    return sum / ROWS;
  };
  const means = Array.from({ length: COLUMNS }, (_, k) => mean(k));
  return Array.from({ length: ROWS }, (_, i) =>
    total((k) => ((x.get(3, k) + x.get(8, k) + x.get(i, k)) / 3 - means[k]) ** 2),
  );
}
