import { describe } from "@colm/array";

/** Requires a number of kept coordinates, an integer in `[1, dimension]`. */
export function requireKeep(caller: string, keep: number, dimension: number): void {
  if (typeof keep !== "number") {
    throw new TypeError(`${caller}: "keep" must be a number, got ${describe(keep)}`);
  }
  if (!Number.isInteger(keep) || keep < 1 || keep > dimension) {
    throw new RangeError(`${caller}: "keep" must be an integer in [1, ${dimension}], got ${keep}`);
  }
}
