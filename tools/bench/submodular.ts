import type { Matrix } from "@colm/array";
import { facilityLocation, maximize, type Selection, similarity } from "@colm/submodular";
import { growFacility } from "../../packages/submodular/src/facility-evaluator.ts";
import { plainGains } from "../../packages/submodular/src/plain-gains.ts";
import { interleave } from "./measure.ts";
import { extraBytesRatio } from "./submodular/extra-bytes.ts";
import { clusters, symmetric, withOnes } from "./submodular/matrices.ts";
import { median } from "./submodular/median.ts";
import { plainLazy } from "./submodular/plain-lazy.ts";
import { refinement } from "./submodular/refinement.ts";
import { sparseRatio } from "./submodular/sparse.ts";
import { torchDistances } from "./submodular/torch.ts";

const SIZES = [
  [128, 64],
  [1024, 256],
  [4096, 512],
  [8192, 1024],
] as const;

const POINTS = [
  [128, 64],
  [128, 2048],
  [1024, 1024],
  [4096, 64],
] as const;

type Figures = Record<string, number>;

/**
 * Greedy facility location on n x n similarities from clusters (L1) and uniform random ones, k of n chosen: ours with
 * WebAssembly (the check of S included) and without, and a plain lazy greedy in the same run, all with the same choice.
 * Then similarities, beside `torch.cdist` where that is installed, sparse ones of n/16 neighbours (`sparse_*_ratio`: dense over
 * sparse), and swaps, beside two FasterPAM from the same start. Milliseconds are medians; `floor_ratio` is our time over
 * that of reading S as often as greedy streams it; `extra_bytes_*_ratio` what greedy holds beside S, over the size of S.
 */
export async function run(): Promise<Figures> {
  const figures: Figures = {};
  for (const [n, k] of SIZES.slice(1, 3)) figures[`extra_bytes_${n}_ratio`] = extraBytesRatio(n, k);
  for (const [n, k] of SIZES) {
    await measure(figures, `l1_${n}`, similarity(clusters(n, 64), { metric: "l1" }), k);
    await measure(figures, `random_${n}`, symmetric(n), k);
  }
  for (const [n, d] of POINTS) {
    const points = clusters(n, d);
    figures[`similarity_${n}x${d}_ms`] = median(n * d > 2 ** 18 ? 3 : 9, () =>
      similarity(points, { metric: "l1" }),
    ).ms;
  }
  for (const [shape, ms] of torchDistances(POINTS.slice(0, 2))) {
    figures[`similarity_${shape}_torch_ratio`] = ms / figures[`similarity_${shape}_ms`];
  }
  for (const [n, k] of SIZES.slice(0, 3)) {
    figures[`sparse_${n}_ratio`] = await sparseRatio(clusters(n, 64), k);
  }
  await refinement(figures, "refine_1024", similarity(clusters(1024, 64), { metric: "l1" }), 256);
  await refinement(figures, "refine_random_1024", withOnes(symmetric(1024)), 256);
  return figures;
}

/** One row of the table: three ways to the same choice. */
async function measure(figures: Figures, name: string, s: Matrix, count: number): Promise<void> {
  const [n] = s.shape;
  const repeats = n <= 128 ? 101 : n <= 1024 ? 11 : 3;
  const f = facilityLocation(s);
  const plain = { ...f, start: () => growFacility(s, { keep: plainGains }) };
  const ours = maximize(f, { count });
  const fallback = median(n <= 1024 ? repeats : 1, () => maximize(plain, { count }));
  const lazy = plainLazy(s, count);
  requireSame(name, ours, fallback.result);
  requireSame(name, ours, lazy);
  // in turns, so that whatever else the machine does meets both alike
  const ms = await interleave(
    { ours: () => maximize(facilityLocation(s), { count }), lazy: () => plainLazy(s, count) },
    { rounds: repeats, warmup: n <= 1024 ? 20 : 1 },
  );
  const streams = countStreams(s, ours.indices);
  figures[`${name}_ms`] = ms.ours;
  figures[`${name}_fallback_ms`] = fallback.ms;
  figures[`${name}_plain_lazy_ms`] = ms.lazy;
  figures[`${name}_plain_lazy_ratio`] = ms.lazy / ms.ours;
  figures[`${name}_floor_ratio`] = ms.ours / (streams * median(repeats, () => readThrough(s)).ms);
  figures[`${name}_streams`] = streams;
  figures[`evaluations_${name}`] = ours.evaluations;
  figures[`evaluations_${name}_plain_lazy`] = lazy.evaluations;
}

/** How often S passes by: once for the first gains, then the rows whose cover rises. */
function countStreams(s: Matrix, indices: Int32Array): number {
  const n = s.shape[0];
  const cover = new Float32Array(n);
  let rows = n;
  for (const item of indices) {
    for (let i = 0; i < n; i++) {
      const entry = s.data[item * n + i];
      if (entry <= cover[i]) continue;
      cover[i] = entry;
      rows++;
    }
  }
  return rows / n;
}

/** A plain sequential read of S. */
function readThrough({ data }: Matrix): number {
  const sums = new Float64Array(4);
  let [a, b, c, d] = sums;
  for (let p = 0; p + 3 < data.length; p += 4) {
    a += data[p];
    b += data[p + 1];
    c += data[p + 2];
    d += data[p + 3];
  }
  return a + b + c + d;
}

function requireSame(name: string, a: Pick<Selection, "indices">, b: Pick<Selection, "indices">): void {
  if (a.indices.some((item, t) => item !== b.indices[t])) throw new Error(`${name}: the choices differ`);
}
