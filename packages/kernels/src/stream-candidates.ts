import type { GpuAdapter } from "./gpu-adapter.ts";
import { intervalTop } from "./interval-top.ts";
import type { StreamProblem } from "./stream-problem.ts";
import { type DirectionSource, streamScores, type VisitScores } from "./stream-scores.ts";

/**
 * For each group the coordinates that may be among its `keep` of largest `|mean_i u_ij|`: all those whose score in float32 comes
 * within its error bound of the cut.
 */
export async function streamCandidates(
  gpu: GpuAdapter,
  problem: StreamProblem,
  directions?: DirectionSource,
): Promise<Int32Array[]> {
  const groupCount = problem.groups.reduce((count, g) => Math.max(count, g + 1), 0);
  const tops = Array.from({ length: groupCount }, () => intervalTop(problem.keep));
  const visit: VisitScores = (start, length, scores, slacks) => {
    for (const [g, top] of tops.entries()) top.offer(start, scores[g], slacks[g], length);
  };
  await streamScores(gpu, problem, groupCount, visit, directions);
  return tops.map((top) => top.coordinates());
}
