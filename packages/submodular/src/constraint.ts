/** Which items may still be added; closes those that no longer fit. One run owns it. */
export interface Constraint {
  /** 1 where the item may be added now. */
  readonly open: Uint8Array;
  /** Adds an open item and closes whatever no longer fits. */
  take(item: number): void;
  /** Largest sum of `gains` over open items that any feasible choice from the start could reach, or more. */
  relax(gains: Float64Array): number;
}
