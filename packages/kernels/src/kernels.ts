import type { AdamState } from "@colm/adam-normalize";
import type { Matrix } from "@colm/array";
import type { Choice, RunMode } from "./choice.ts";
import type { Herded, HerdingOptions, MedoidOptions, Medoids } from "./greedy.ts";
import type { HeldMetric, HeldTable } from "./held-table.ts";
import type { KernelMode } from "./mode.ts";
import type { StreamOptions } from "./normalized-features.ts";
import type { NormalsOptions } from "./normals.ts";
import type { DistanceMetric } from "./pairwise.ts";
import type { Gradients } from "./stream-problem.ts";
import type { DirectionSource } from "./stream-scores.ts";

/** Settings of `createKernels`. */
export interface KernelsOptions {
  /** Where kernels run. `"auto"` measures where each kind of call runs fastest. Default `"auto"`. */
  mode?: KernelMode | "auto";
  /**
   * Threads of `webasm` mode, at least 1 (default): tables of 4096 entries and more are split among so many workers, those of
   * `normalizedFeatures` among as many as there are cores. The results do not depend on it. Without effect on other modes.
   */
  threads?: number;
  /**
   * Where `normalizedFeatures` draws directions: `"cpu"` (default) beforehand, `"device"` by the kernels, so that nothing of them is
   * uploaded. The features have the same bits. The functions of the CPU always draw themselves.
   */
  directions?: DirectionSource;
}

/** Compiled kernels; they own graphics memory until {@link Kernels.dispose}. */
export interface Kernels {
  /**
   * Where the kernels really run; one that cannot run there throws instead of moving somewhere else. Under `"auto"`, where
   * the latest call ran, with `"plain"` for the functions of the CPU and before the first call.
   */
  readonly mode: RunMode;
  /** What `"auto"` measured so far, in order; empty where a mode was asked for by name. */
  readonly choices: readonly Choice[];
  /**
   * Distances of all pairs of points: `sum_k |a_k - b_k|` (`l1`), `sqrt(sum_k (a_k - b_k)^2)` (`l2`) or
   * `1 - a.b / (|a| |b|)` (`cosine`).
   *
   * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
   * @param metric - The distance.
   * @returns `[n, n]`, float32, row-major, symmetric, zero on the diagonal; fresh, owned by the caller.
   * @throws {TypeError} If `points` is no matrix.
   * @throws {RangeError} If an entry is not finite, the metric does not exist, a point of length 0 is to be compared
   * by its angle, or a sum is too large for float32.
   * @throws {Error} If the kernels were disposed of, or the back end declines the kernel.
   * @remarks O(n^2 d) time. Sums run in float32 within blocks of 256 coordinates; relative error below 1e-5.
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * const distances = await kernels.pairwise(matrix(Float32Array.of(0, 0, 3, 4), 2, 2), "l2");
   * distances.get(0, 1); // => 5
   * await kernels.dispose();
   */
  pairwise(points: Matrix, metric: DistanceMetric): Promise<Matrix>;
  /**
   * Scalar products of all pairs of points, `X X^T`.
   *
   * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
   * @returns `[n, n]`, float32, row-major, symmetric; fresh, owned by the caller.
   * @throws {TypeError} If `points` is no matrix.
   * @throws {RangeError} If an entry is not finite or a sum is too large for float32.
   * @throws {Error} If the kernels were disposed of, or the back end declines the kernel.
   * @remarks O(n^2 d) time, one launch. Errors stay below 1e-5 of `|x_i| |x_j|`.
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * await kernels.gram(matrix(Float32Array.of(1, 2, 3, 4), 2, 2)); // => [[5, 11], [11, 25]]
   * await kernels.dispose();
   */
  gram(points: Matrix): Promise<Matrix>;
  /**
   * The marginal gains of all candidates under facility location, `sum_i max(0, similarity[i, j] - cover[i])`.
   *
   * @param similarity - `[points, candidates]`, any strides. Entries are read as float32. Not kept.
   * @param cover - `[points]`: the best similarity of each point to the set so far, 0 for the empty set. Not kept.
   * @returns `[candidates]`, float32; fresh, owned by the caller.
   * @throws {TypeError} If an argument is of the wrong kind.
   * @throws {RangeError} If an entry is not finite, `cover` has another length, or a sum is too large for float32.
   * @throws {Error} If the kernels were disposed of, or the back end declines the kernel.
   * @remarks O(points candidates) time, one launch; every call hands the similarities over again. A whole greedy run is
   * better left to `maximize` of `@colm/submodular`, which corrects few rows after each pick.
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * const similarity = matrix(Float32Array.of(1, 0.5, 0.5, 1), 2, 2);
   * await kernels.gains(similarity, [0.75, 0]); // => [0.75, 1]
   * await kernels.dispose();
   */
  gains(similarity: Matrix, cover: ArrayLike<number>): Promise<Float32Array>;
  /**
   * The squared distance from a target mean that each point would leave if it were chosen next,
   * `|(s + x_i) / (t + 1) - mu|^2`, with `s` the sum of the t chosen points: herding chooses the point of the lowest score.
   *
   * @param gram - `X X^T`, `[n, n]`, symmetric, any strides. Entries are read as float32. Not kept.
   * @param chosen - The points chosen so far, distinct integers in `[0, n)`.
   * @param options - `target`: weights w, `[n]`, with `mu = sum_i w_i x_i`; `1 / n` each when absent. Not kept.
   * @returns `[n]`, float32, in the square of the points' unit, for the chosen ones too; fresh, owned by the caller.
   * @throws {TypeError} If an argument is of the wrong kind.
   * @throws {RangeError} If an entry is not finite, `gram` is not square, an index is out of range or given twice,
   * `target` has another length, or a sum is too large for float32.
   * @throws {Error} If the kernels were disposed of, or the back end declines the kernel.
   * @remarks O(n^2) time, one launch. Errors stay below 1e-5 of the largest `|x_i|^2`. Welling, "Herding dynamical weights
   * to learn" (2009); Chen, Welling & Smola, "Super-samples from kernel herding" (2010).
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * const gram = matrix(Float32Array.of(0, 0, 0, 0, 4, 8, 0, 8, 16), 3, 3); // of the points 0, 2 and 4
   * await kernels.herdingScores(gram, [0]); // => [4, 1, 0]
   * await kernels.dispose();
   */
  herdingScores(
    gram: Matrix,
    chosen: ArrayLike<number>,
    options?: { target?: ArrayLike<number> },
  ): Promise<Float32Array>;
  /**
   * The stream of `@colm/adam-normalize`, bit for bit: per-example gradients in Adam space, of each group of rows the h coordinates
   * of largest `|mean_i u_ij|`, without ever holding `[n, d]`.
   *
   * @param state - The history, from `adamNormalize`. Only read.
   * @param gradients - `[n, d]`, stored or directional, finite. Only read.
   * @param options - `keep`: h. `groups`: a label for each row. `normalizer`: whose constants apply.
   * @returns `[n, keep]`, float32, unitless, coordinates ascending; fresh, owned by the caller.
   * @throws {TypeError | RangeError} If an argument is outside its range.
   * @throws {Error} If the kernels were disposed of, or the back end declines a kernel.
   * @remarks One fused chain of three kernels for each block of at most 2^20 gradients: the gradients from coefficients and directions,
   * the means, and a bound of their error, of which the first never leaves the device. Every coordinate within its bound of the
   * cut is then ranked on the CPU, exactly, and the entries of the kept ones are computed there, so the result has the
   * same bits in every mode. Where the device draws the directions, two more kernels do, and the bound covers the 2^-19 by
   * which such a draw may differ.
   * @example
   * import { adamNormalize } from "@colm/adam-normalize";
   * const adam = adamNormalize({ beta1: 0 });
   * const g = matrix(Float32Array.of(4, -2, 1, 4, 2, 1), 2, 3);
   * const kernels = await createKernels({ mode: "cpu" });
   * await kernels.normalizedFeatures(adam.init(3), g, { keep: 2, normalizer: adam }); // => [[1, 1], [1, 1]]
   * await kernels.dispose();
   */
  normalizedFeatures(state: AdamState, gradients: Gradients, options: StreamOptions): Promise<Matrix>;
  /**
   * Representative points: greedy facility location on `max(D) - D`, or on the cosines, as `selectMedoids` of `@colm/submodular`.
   *
   * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
   * @param options - `count`: how many points, at most n. `metric`: how they are compared.
   * @returns The points in the order of their choice and what each gained; fresh, owned by the caller.
   * @throws {TypeError} If an argument is of the wrong kind.
   * @throws {RangeError} If an entry is not finite, `count` exceeds n, the metric does not exist, a point of length 0 is to be
   * compared by its angle, or a sum is too large for float32.
   * @throws {Error} If the kernels were disposed of, or the back end declines a kernel.
   * @remarks O(n^2 (d + count)) time. One fused chain: points go in, choices come out, and the `[n, n]` table and the gains of
   * every round stay on the device. Gains agree with float64 to 1e-5, relative to themselves or to 1; where two points gain the same
   * but for rounding, the chosen one may be the other. Equal gains: the lower index.
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * const points = matrix(Float32Array.of(0, 1, 2, 10, 11, 12), 6, 1);
   * (await kernels.selectMedoids(points, { count: 2, metric: "l1" })).indices; // => Int32Array [2, 4]
   * await kernels.dispose();
   */
  selectMedoids(points: Matrix, options: MedoidOptions): Promise<Medoids>;
  /**
   * Points whose mean is near a target mean, one after the other: `argmin_i |(s + x_i) / (t + 1) - mu|^2` over those left, `s` the sum
   * of the t chosen ones.
   *
   * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
   * @param options - `count`: how many points, at most n. `target`: weights w, `[n]`, with `mu = sum_i w_i x_i`; `1 / n` each
   * when absent. Not kept.
   * @returns The points in the order of their choice and `|mean - mu|^2` after each, in the square of the points' unit; fresh,
   * owned by the caller.
   * @throws {TypeError} If an argument is of the wrong kind.
   * @throws {RangeError} If an entry is not finite, `count` exceeds n, `target` has another length, or a sum is too large for float32.
   * @throws {Error} If the kernels were disposed of, or the back end declines a kernel.
   * @remarks O(n^2 d + n count) time. One fused chain, in which the Gram matrix and the scores of every round stay on the
   * device. Scores stay within 1e-5 of the largest `|x_i|^2`; where two points score the same but for rounding, the chosen one may
   * be the other. Equal scores: the lower index. Sources as for {@link Kernels.herdingScores}.
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * const { indices } = await kernels.herding(matrix(Float32Array.of(0, 3, 4, 5), 4, 1), { count: 2 });
   * indices; // => Int32Array [1, 2]
   * await kernels.dispose();
   */
  herding(points: Matrix, options: HerdingOptions): Promise<Herded>;
  /**
   * How alike all pairs of points are, computed once and kept on the device, for loops that choose by rules of their own: a round
   * hands over `[n]` numbers and gets `[n]` back.
   *
   * @param points - `[n, d]`, any unit, any strides. Entries are read as float32. Not kept.
   * @param options - `metric`: `S = max(D) - D` for `"l1"` and `"l2"`, cosines, or scalar products for `"dot"`.
   * @returns The table with `gains`, `row`, `herdingScores` and `dispose`; it also ends with the kernels.
   * @throws {TypeError} If an argument is of the wrong kind.
   * @throws {RangeError} If an entry is not finite, the metric does not exist, a point of length 0 is to be compared by its angle,
   * or an entry of the table is too large for float32.
   * @throws {Error} If the kernels or the table were disposed of, or the back end declines a kernel.
   * @remarks O(n^2 d) time once, O(n^2) a round. In `webasm` and `cpu` mode, which have no device, the table stays in an array.
   * `"auto"` measures a table with 16 rounds.
   * @example
   * const kernels = await createKernels({ mode: "cpu" });
   * const held = await kernels.hold(matrix(Float32Array.of(0, 1, 4), 3, 1), { metric: "l1" });
   * await held.gains([0, 0, 0]); // => [7, 8, 5]
   * await held.gains(await held.row(1)); // => [1, 0, 3]
   * await held.dispose();
   * await kernels.dispose();
   */
  hold(points: Matrix, options: { readonly metric: HeldMetric }): Promise<HeldTable>;
  /**
   * Standard normal draws on the device, row k those of `normal` of `@colm/array` with `{ seed, stream: stream + k, start }`, and so
   * the directions of `@colm/spsa`.
   *
   * @param count - Rows, a natural number up to 2^20.
   * @param length - Draws of each row, a natural number up to 2^31.
   * @param options - `seed`, and the `stream` and `start` of the first entry, both 0 when absent.
   * @returns `[count, length]`, float32; fresh, owned by the caller.
   * @throws {TypeError | RangeError} If an argument is outside its range.
   * @throws {Error} If the kernels were disposed of, or the back end declines the kernel.
   * @remarks The words of Philox4x32-10 have the same bits in every mode (16-bit halves in float32, exact); the normals made of
   * them in float32 agree to 1e-6, relative to each, with those of the CPU, which are float64 series rounded once. O(count length).
   * @example
   * import { normal } from "@colm/array";
   * const kernels = await createKernels({ mode: "cpu" });
   * const drawn = await kernels.normals(1, 8, { seed: 1 });
   * Math.abs(drawn.get(0, 5) / normal(new Float32Array(8), { seed: 1 })[5] - 1) < 1e-6; // => true
   * await kernels.dispose();
   */
  normals(count: number, length: number, options: NormalsOptions): Promise<Matrix>;
  /** Frees what the kernels hold, after the calls that are under way. A second call does nothing. */
  dispose(): Promise<void>;
}
