import type { Matrix } from "@colm/array";
import type { DirectionalGradients } from "@colm/spsa";

/** The n examples of a step, among which the selector chooses. Every field that is there has n entries or rows. */
export interface Pool {
  /** Per-example gradients, `[n, d]`: estimates of `spsa`, which hold n q numbers, or a matrix. */
  readonly gradients?: DirectionalGradients | Matrix;
  /**
   * Per-example features, `[n, d]`, such as rows of `staticFeatures`. Methods that compare features take these where they
   * are given, and the gradients otherwise; the official mode reads gradients alone.
   */
  readonly features?: Matrix;
  /** Per-example losses. An example whose loss is not finite is dropped, and counted in the diagnostics. */
  readonly losses?: ArrayLike<number>;
  /** Labelled tokens of each example, natural numbers. */
  readonly lengths?: ArrayLike<number>;
  /** Mean probability, in [0, 1], that the model gives its own most probable token where an example is labelled. */
  readonly confidences?: ArrayLike<number>;
  /** Names of the examples in the whole data set, distinct natural numbers: what a feature memory knows them by. */
  readonly ids?: ArrayLike<number>;
  /** The source of each example, a natural number; one source when absent. */
  readonly sources?: ArrayLike<number>;
}
