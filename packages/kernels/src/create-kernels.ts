import { requireChoice, requireNatural } from "@colm/array";
import { type AutoSums, autoSums } from "./auto-sums.ts";
import { platformClock } from "./clock.ts";
import type { Candidate } from "./contest.ts";
import { createGains } from "./gains.ts";
import { gpuSums } from "./gpu-sums.ts";
import { createGram } from "./gram.ts";
import { createHerding, createSelectMedoids } from "./greedy.ts";
import { createHold } from "./held-table.ts";
import { createHerdingScores } from "./herding-scores.ts";
import type { Kernels, KernelsOptions } from "./kernels.ts";
import { hardwareModes, isGraphics, type KernelMode, requireUsable } from "./mode.ts";
import { createNormalizedFeatures } from "./normalized-features.ts";
import { createNormals } from "./normals.ts";
import { createPairwise } from "./pairwise.ts";
import { plainSums } from "./plain-sums.ts";
import type { DirectionSource } from "./stream-scores.ts";

/**
 * Opens one of gpu.js's back ends, `mode -> kernels`, for the hot functions of selection.
 *
 * @param options - Where to run, and on how many threads.
 * @returns The kernels; call `dispose` when they are no longer needed.
 * @throws {RangeError} If the mode does not exist or cannot run on this machine, or `threads` is out of range.
 * @remarks A software adapter (SwiftShader, llvmpipe) is used when its mode is asked for by name, and never by
 * `"auto"`. Where there is no `navigator.gpu`, as in Node, WebGPU needs one to be set up first. `"auto"` measures when a kind
 * of call comes up with a new class of shapes, each side rounded up to a power of two: the modes of the processor and the
 * functions of the CPU on at most 128 rows, then the fastest of them against WebGPU and WebGL 2 on the call itself.
 * @example
 * const kernels = await createKernels({ mode: "webasm" });
 * kernels.mode; // => "webasm"
 * const distances = await kernels.pairwise(matrix(Float32Array.of(1, 2, 4), 3, 1), "l1");
 * distances; // => [[0, 1, 3], [1, 0, 2], [3, 2, 0]]
 * await kernels.dispose();
 */
export async function createKernels({
  mode = "auto",
  threads = 1,
  directions = "cpu",
}: KernelsOptions = {}): Promise<Kernels> {
  requireNatural("createKernels", "threads", threads, 2 ** 10);
  if (threads === 0) throw new RangeError('createKernels: "threads" must be at least 1, got 0');
  requireChoice("createKernels", "directions", directions, ["cpu", "device"]);
  const sums =
    mode === "auto" ? await openAuto(threads, directions) : await openNamed(mode, threads, directions);
  const hold = createHold(sums);
  let disposed: Promise<void> | undefined;
  const open = <A extends unknown[], R>(
    name: string,
    call: (...args: A) => Promise<R>,
  ): ((...args: A) => Promise<R>) => {
    return async (...args) => {
      if (disposed !== undefined) throw new Error(`${name}: the kernels were disposed of; create new ones`);
      return call(...args);
    };
  };
  return {
    get mode() {
      return sums.mode;
    },
    get choices() {
      return sums.choices;
    },
    pairwise: open("pairwise", createPairwise(sums)),
    gram: open("gram", createGram(sums)),
    gains: open("gains", createGains(sums)),
    herdingScores: open("herdingScores", createHerdingScores(sums)),
    normalizedFeatures: open("normalizedFeatures", createNormalizedFeatures(sums)),
    selectMedoids: open("selectMedoids", createSelectMedoids(sums)),
    herding: open("herding", createHerding(sums)),
    hold: open("hold", async (points, options) => {
      const { size, gains, row, herdingScores, dispose } = await hold(points, options);
      return {
        size,
        gains: open("gains", gains),
        row: open("row", row),
        herdingScores: open("herdingScores", herdingScores),
        // what was freed with the kernels needs no freeing
        dispose: () => disposed ?? dispose(),
      };
    }),
    normals: open("normals", createNormals(sums)),
    dispose() {
      disposed ??= sums.dispose();
      return disposed;
    },
  };
}

async function openNamed(mode: KernelMode, threads: number, directions: DirectionSource): Promise<AutoSums> {
  await requireUsable("createKernels", mode);
  return { ...gpuSums(mode, threads, directions), mode, choices: [] };
}

async function openAuto(threads: number, directions: DirectionSource): Promise<AutoSums> {
  const modes = await hardwareModes();
  const candidate = (mode: KernelMode): Candidate => ({ mode, sums: gpuSums(mode, threads, directions) });
  return autoSums(
    [{ mode: "plain", sums: plainSums() }, ...modes.filter((mode) => !isGraphics(mode)).map(candidate)],
    modes.filter(isGraphics).map(candidate),
    platformClock(),
  );
}
