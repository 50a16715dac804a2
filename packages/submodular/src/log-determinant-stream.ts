import { requireAmount, requireFunction, wrongValue } from "@colm/array";
import type { StreamEvaluator } from "./stream.ts";

/** Settings of {@link logDeterminantStream}. */
export interface LogDeterminantStreamOptions<T> {
  /** Similarity of two items: symmetric, positive semidefinite. */
  readonly kernel: (a: T, b: T) => number;
  /** Added to the diagonal, above 0; 1 by default, the smallest for which the function is always monotone. */
  readonly regularization?: number;
}

/**
 * Log-determinant for items of any kind, `f(S) = log det(kernel(S, S) + regularization I)`: it looks at the summary
 * alone, never at the rest of the stream.
 *
 * @param options - The kernel, and what is added to its diagonal.
 * @returns A starter of empty summaries, for {@link sieveStreaming} and {@link threeSieves}.
 * @throws {TypeError} If an option is of the wrong kind.
 * @throws {RangeError} If `regularization` is not above 0.
 * @remarks `gain` takes `k` kernels and O(k^2) for a summary of `k` items: a forward substitution in the Cholesky
 * factor, which `add` extends by one row.
 * @example
 * const start = logDeterminantStream({ kernel: (a, b) => a * b });
 * start().gain(1); // => 0.693147
 */
export function logDeterminantStream<T = number>(
  options: LogDeterminantStreamOptions<T>,
): () => StreamEvaluator<T> {
  const caller = "logDeterminantStream";
  const { kernel, regularization = 1 } = options;
  requireFunction(caller, "kernel", kernel);
  requireAmount(caller, "regularization", regularization);
  if (regularization === 0) throw wrongValue(caller, "regularization", "be above 0", 0);

  return () => {
    const items: T[] = [];
    const factor: Float64Array[] = [];
    /** Coordinates of an item along the summary, and the squared length that is left outside it. */
    const project = (item: T): { row: Float64Array; rest: number } => {
      const row = new Float64Array(items.length + 1);
      let rest = kernel(item, item) + regularization;
      for (let r = 0; r < items.length; r++) {
        let sum = kernel(items[r], item);
        for (let c = 0; c < r; c++) sum -= factor[r][c] * row[c];
        row[r] = sum / factor[r][r];
        rest -= row[r] ** 2;
      }
      return { row, rest };
    };
    return {
      gain(item) {
        const { rest } = project(item);
        return rest > 0 ? Math.log(rest) : Number.NEGATIVE_INFINITY;
      },
      add(item) {
        const { row, rest } = project(item);
        row[items.length] = Math.sqrt(rest);
        items.push(item);
        factor.push(row);
      },
    };
  };
}
