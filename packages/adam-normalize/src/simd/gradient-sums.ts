import type { DirectionalGradients } from "@colm/spsa";
import type { GradientSums } from "../gradient-sums.ts";
import { blockMemory } from "./block-memory.ts";

/** The sums by the WebAssembly kernel, the bits of the plain ones; undefined where the platform cannot. */
export function simdGradientSums(
  gradients: DirectionalGradients,
  selected: ArrayLike<number>,
): GradientSums | undefined {
  const memory = blockMemory(gradients);
  if (memory === undefined) return undefined;
  const { kernels, block, buffer } = memory;
  return (start, length, sum, squares) => {
    memory.load(start, length);
    const width = Math.ceil(length / 8) * 8;
    const at = memory.run(kernels.gradientSums, block, width, selected);
    sum.set(new Float64Array(buffer, at, length));
    squares.set(new Float64Array(buffer, at + 8 * width, length));
  };
}
