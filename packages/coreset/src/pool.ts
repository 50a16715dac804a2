import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";

/** The n examples of a step, among which the selector chooses. Every field that is there has n entries or rows. */
export interface Pool {
  /** Per-example gradients, `[n, d]`: estimates of `spsa`, which hold n q numbers, or a matrix. */
  readonly gradients?: DirectionalGradients | Matrix;
  /** Per-example losses. An example whose loss is not finite is dropped, and counted in the diagnostics. */
  readonly losses?: ArrayLike<number>;
  /** The source of each example, a natural number; one source when absent. */
  readonly sources?: ArrayLike<number>;
}
