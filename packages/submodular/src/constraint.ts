/** Which items may still be added; closes those that no longer fit. One run owns it. */
export interface Constraint {
  /** 1 where the item may be added now. */
  readonly open: Uint8Array;
  /** No feasible choice has more items. */
  readonly capacity: number;
  /** So many more items may be taken that close nothing but themselves, except for the last of them. */
  readonly free: number;
  /** Adds an open item and closes whatever no longer fits. */
  take(item: number): void;
  /** The largest sum of `gains` of any choice that was feasible at the start, or more. Leaves `gains` alone. */
  relax(gains: Float64Array): number;
}

/** All of several constraints on the same items. */
export function allOf(constraints: readonly Constraint[]): Constraint {
  if (constraints.length === 1) return constraints[0];
  const open = constraints[0].open.slice();
  const close = (): void => {
    for (const part of constraints) for (let j = 0; j < open.length; j++) open[j] &= part.open[j];
  };
  close();
  return {
    open,
    capacity: Math.min(...constraints.map((part) => part.capacity)),
    get free() {
      return Math.min(...constraints.map((part) => part.free));
    },
    take(item) {
      for (const part of constraints) part.take(item);
      close();
    },
    relax: (gains) => Math.min(...constraints.map((part) => part.relax(gains))),
  };
}
