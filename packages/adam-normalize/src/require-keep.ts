import { requireNatural } from "@colm/array";

/** Requires a number of kept coordinates in `[1, dimension]`. */
export function requireKeep(caller: string, keep: number, dimension: number): void {
  requireNatural(caller, "keep", keep, dimension);
  if (keep === 0) throw new RangeError(`${caller}: "keep" must be at least 1, got 0`);
}
