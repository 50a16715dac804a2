import { normalizedFeatures } from "@colm/adam-normalize";
import type { StreamProblem } from "./stream-problem.ts";

/** What is left on the CPU: the exact ranks of the candidates of each group, of all coordinates when absent, and the gather. */
export function finishStream(
  { state, gradients, keep, groups, normalizer }: StreamProblem,
  among?: readonly Int32Array[],
): Float32Array {
  const { data } = normalizedFeatures(state, gradients, {
    keep,
    groups,
    normalizer,
    ...(among && { among }),
  });
  return data instanceof Float32Array ? data : Float32Array.from(data);
}
