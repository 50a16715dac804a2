import { requireSameNames } from "./check-options.ts";
import type { NamedArrays } from "./optimizer.ts";

/** A running weighted sum of gradients; made by {@link accumulateGradients}. */
export interface GradientSum {
  /** Adds `weight` times `gradients`. The arrays are read, not kept. */
  add(gradients: NamedArrays, weight: number): void;
  /** The sum so far as fresh float32 arrays. */
  total(): Map<string, Float32Array>;
}

/**
 * Gradient accumulation, `total = sum_j w_j g_j`: with `w_j = n_j / n` the gradient of the mean over a batch
 * of `n` examples from the gradients of the means over micro-batches of `n_j`.
 *
 * @returns An empty sum. It holds one float64 array per parameter from the first `add` on.
 * `add` throws a `RangeError` when the names or lengths differ from the first ones.
 * @remarks Memory is that of one set of gradients, whatever the number of micro-batches. Sums are kept in
 * float64, so k micro-batches equal one batch up to the rounding of each micro-batch's own float32 gradients.
 * @example
 * const sum = accumulateGradients();
 * sum.add(new Map([["w", Float32Array.of(1, 2)]]), 0.25);
 * sum.add(new Map([["w", Float32Array.of(5, -2)]]), 0.75);
 * Array.from(sum.total().get("w") ?? []); // => [4, -1]
 */
export function accumulateGradients(): GradientSum {
  const sums = new Map<string, Float64Array>();
  return {
    add(gradients, weight) {
      if (sums.size === 0) {
        for (const [name, values] of gradients) sums.set(name, new Float64Array(values.length));
      }
      const lengths = new Map([...sums].map(([name, values]) => [name, values.length]));
      requireSameNames("accumulateGradients", "gradients", lengths, gradients);
      for (const [name, values] of gradients) {
        const sum = sums.get(name) ?? new Float64Array(values.length);
        for (let i = 0; i < values.length; i++) sum[i] += weight * values[i];
      }
    },
    total() {
      return new Map([...sums].map(([name, sum]) => [name, Float32Array.from(sum)]));
    },
  };
}
