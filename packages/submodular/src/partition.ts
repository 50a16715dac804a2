import type { Constraint } from "./constraint.ts";
import { sumOfLargest } from "./largest.ts";
import type { Quota } from "./quotas.ts";

/** At most `quota` of the items of each group (a partition matroid) that `outside` marks with 1. */
export function partition(outside: Uint8Array, groups: readonly Quota[]): Constraint {
  const open = outside.slice();
  const groupOf = new Int32Array(open.length);
  const left = groups.map(({ quota }) => quota);
  for (const [g, { members, quota }] of groups.entries()) {
    for (const item of members) {
      groupOf[item] = g;
      if (quota === 0) open[item] = 0;
    }
  }
  return {
    open,
    capacity: left.reduce((sum, quota) => sum + quota, 0),
    get free() {
      return left.reduce((least, quota) => (quota > 0 && quota < least ? quota : least), open.length);
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
