/**
 * A tensor on its way between a file and a model: its shape and its entries, row-major.
 *
 * Weights travel as `ReadonlyMap<string, NamedArray>`, keyed by their Hugging Face or PEFT names.
 */
export interface NamedArray {
  /** Dimensions, natural numbers; `[]` is a scalar. */
  readonly shape: readonly number[];
  /** The entries, row-major; as many as the product of `shape`. */
  readonly data: Float32Array;
}
