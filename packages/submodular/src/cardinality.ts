import type { Constraint } from "./constraint.ts";
import { sumOfLargest } from "./largest.ts";

/** At most `count` items of `size`, none of them in `initial`. */
export function cardinality(size: number, count: number, initial: ArrayLike<number>): Constraint {
  const open = new Uint8Array(size).fill(1);
  for (let t = 0; t < initial.length; t++) open[initial[t]] = 0;
  if (count === 0) open.fill(0);
  const scratch = new Float64Array(size);
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
      for (let j = 0; j < size; j++) if (gains[j] > 0) scratch[found++] = gains[j];
      return sumOfLargest(scratch.subarray(0, found), count);
    },
  };
}
