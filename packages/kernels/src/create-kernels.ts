import type { Matrix } from "@colm/array";
import { openGpu } from "./gpu-adapter.ts";
import { type KernelMode, resolveMode } from "./mode.ts";
import { createPairwise, type DistanceMetric } from "./pairwise.ts";

/** Settings of {@link createKernels}. */
export interface KernelsOptions {
  /** Where kernels run. `"auto"` takes the first of WebGPU and WebGL 2 on real hardware, WebAssembly, and the CPU. Default `"auto"`. */
  mode?: KernelMode | "auto";
}

/** Compiled kernels; they own graphics memory until {@link Kernels.dispose}. */
export interface Kernels {
  /** Where the kernels really run; a kernel that cannot run there throws instead of moving somewhere else. */
  readonly mode: KernelMode;
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
  /** Frees what the kernels hold, after the calls that are under way. A second call does nothing. */
  dispose(): Promise<void>;
}

/**
 * Opens one of gpu.js's back ends, `mode -> kernels`, for the hot functions of selection.
 *
 * @param options - Where to run.
 * @returns The kernels; call `dispose` when they are no longer needed.
 * @throws {RangeError} If the mode does not exist or cannot run on this machine.
 * @remarks A software adapter (SwiftShader, llvmpipe) is used when its mode is asked for by name, and never by
 * `"auto"`. Where there is no `navigator.gpu`, as in Node, WebGPU needs one to be set up first.
 * @example
 * const kernels = await createKernels({ mode: "webasm" });
 * kernels.mode; // => "webasm"
 * const distances = await kernels.pairwise(matrix(Float32Array.of(1, 2, 4), 3, 1), "l1");
 * distances; // => [[0, 1, 3], [1, 0, 2], [3, 2, 0]]
 * await kernels.dispose();
 */
export async function createKernels({ mode = "auto" }: KernelsOptions = {}): Promise<Kernels> {
  const resolved = await resolveMode("createKernels", mode);
  const gpu = openGpu(resolved);
  const pairwise = createPairwise(gpu);
  let disposed: Promise<void> | undefined;
  return {
    mode: resolved,
    async pairwise(points, metric) {
      if (disposed !== undefined) throw new Error("pairwise: the kernels were disposed of; create new ones");
      return pairwise(points, metric);
    },
    dispose() {
      disposed ??= gpu.dispose();
      return disposed;
    },
  };
}
