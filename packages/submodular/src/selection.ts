/** The outcome of a maximisation. Fresh, owned by the caller. */
export interface Selection {
  /** The chosen items in the order they were chosen, without the initial ones. */
  indices: Int32Array;
  /** `gains[t] = f(S_t + indices[t]) - f(S_t)`. */
  gains: Float64Array;
  /** f of the initial and the chosen items together. */
  value: number;
  /** No feasible choice has a larger value; `Infinity` when the function is not submodular. */
  upperBound: number;
  /** Number of gains that were asked for from their definition, among them those that were remembered. */
  evaluations: number;
}
