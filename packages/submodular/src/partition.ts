import type { Constraint } from "./constraint.ts";
import { sumOfLargest } from "./largest.ts";
import type { Quota } from "./quotas.ts";

/** At most `quota` items of each group (a partition matroid), none of `initial`, which counts for no group. */
export function partition(size: number, groups: readonly Quota[], initial: ArrayLike<number>): Constraint {
  const open = new Uint8Array(size).fill(1);
  const groupOf = new Int32Array(size);
  const left = groups.map(({ quota }) => quota);
  for (const [g, { members, quota }] of groups.entries()) {
    for (const item of members) {
      groupOf[item] = g;
      if (quota === 0) open[item] = 0;
    }
  }
  for (let t = 0; t < initial.length; t++) open[initial[t]] = 0;
  return {
    open,
    capacity: left.reduce((sum, quota) => sum + quota, 0),
    get free() {
      return left.reduce((least, quota) => (quota > 0 && quota < least ? quota : least), size);
    },
    take(item) {
      const g = groupOf[item];
      left[g]--;
      open[item] = 0;
      if (left[g] === 0) for (const member of groups[g].members) open[member] = 0;
    },
    relax(gains) {
      let sum = 0;
      for (const { members, quota } of groups) {
        const own = Float64Array.from(members, (item) => Math.max(0, gains[item]));
        sum += sumOfLargest(own, quota);
      }
      return sum;
    },
  };
}
