import { drawNormals } from "./draw-normals.ts";
import { finishStream } from "./finish-stream.ts";
import { openGpu } from "./gpu-adapter.ts";
import { greedyRun } from "./greedy-run.ts";
import { heldPairs } from "./held-pairs.ts";
import { columnSource, pairSource } from "./kernel-sources.ts";
import type { KernelMode } from "./mode.ts";
import { streamCandidates } from "./stream-candidates.ts";
import { sizeOf } from "./stream-problem.ts";
import type { DirectionSource } from "./stream-scores.ts";
import { paddedRows, sumBlocks } from "./sum-blocks.ts";
import type { Sums } from "./sums.ts";

/** The sums on a back end of gpu.js, each in one launch or one fused chain; a kernel is compiled when it is first needed. */
export function gpuSums(mode: KernelMode, threads: number, directions: DirectionSource): Sums {
  const gpu = openGpu(mode, threads);
  return {
    async pairs(term, x, size, cols) {
      const out = new Float32Array(size * size);
      if (out.length === 0) return out;
      const { blocks, width } = sumBlocks(cols);
      const kernel = gpu.compile(pairSource(term), { points: "Array", blocks: "Integer", width: "Integer" });
      const table = await kernel.run([size, size], paddedRows(x, size, cols, blocks * width), blocks, width);
      for (let i = 0; i < size; i++) out.set(table[i], i * size);
      return out;
    },
    async columns(term, table, column, cols) {
      const rows = column.length;
      if (rows === 0 || cols === 0) return new Float32Array(cols);
      const { blocks, width } = sumBlocks(rows);
      const filled = paddedRows(table, rows, cols, cols);
      // terms of 0 and 0 are 0: one row serves for all that fill up the last block
      const zeros = new Float32Array(cols);
      while (filled.length < blocks * width) filled.push(zeros);
      const padded = new Float32Array(blocks * width);
      padded.set(column);
      const kernel = gpu.compile(columnSource(term), {
        table: "Array",
        column: "Array",
        blocks: "Integer",
        width: "Integer",
      });
      const [sums] = await kernel.run([1, cols], filled, padded, blocks, width);
      return sums;
    },
    async features(problem) {
      // with all coordinates kept there is nothing to rank
      const isOpen = problem.keep < sizeOf(problem.gradients).dimension && problem.groups.length > 0;
      return finishStream(problem, isOpen ? await streamCandidates(gpu, problem, directions) : undefined);
    },
    hold: (metric, x, size, cols) => heldPairs(gpu, metric, x, size, cols),
    greedy: (problem) => greedyRun(gpu, problem),
    normals: (draws) => drawNormals(gpu, draws),
    dispose: gpu.dispose,
  };
}
