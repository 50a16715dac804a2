/** Which items may still be added; closes those that no longer fit. One run owns it. */
export interface Constraint {
  /** 1 where the item may be added now. */
  readonly open: Uint8Array;
  /** Adds an open item and closes whatever no longer fits. */
  take(item: number): void;
  /** The largest sum of `gains` of any choice that was feasible at the start, or more. Leaves `gains` alone. */
  relax(gains: Float64Array): number;
}
