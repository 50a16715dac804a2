import type { Constraint } from "./constraint.ts";
import { sumOfLargest } from "./largest.ts";

/** At most `count` of the items that `outside` marks with 1. */
export function cardinality(outside: Uint8Array, count: number): Constraint {
  const open = count === 0 ? outside.map(() => 0) : outside.slice();
  const scratch = new Float64Array(open.length);
  let left = count;
  return {
    open,
    capacity: count,
    get free() {
      return left;
    },
    take(item) {
      left--;
      if (left > 0) open[item] = 0;
      else open.fill(0);
    },
    relax(gains) {
      let found = 0;
      for (let j = 0; j < open.length; j++) if (gains[j] > 0) scratch[found++] = gains[j];
      return sumOfLargest(scratch.subarray(0, found), count);
    },
  };
}
