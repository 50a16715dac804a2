import { requireIndices } from "@colm/array";

/** Largest group label plus one: labels index arrays, so they stay small. */
const MAX_GROUPS = 2 ** 16;

/** The rows of each group, ascending: entry g for label g. Without labels all rows are group 0. */
export function groupRows(caller: string, groups: ArrayLike<number> | undefined, rows: number): Int32Array[] {
  if (groups === undefined) return [Int32Array.from({ length: rows }, (_, i) => i)];
  requireIndices(caller, "groups", groups, MAX_GROUPS, false);
  if (groups.length !== rows) {
    throw new RangeError(
      `${caller}: "groups" must have ${rows} entries, one for each row, got ${groups.length}`,
    );
  }
  const members: number[][] = [];
  for (let i = 0; i < rows; i++) {
    while (members.length <= groups[i]) members.push([]);
    members[groups[i]].push(i);
  }
  return members.map((list) => Int32Array.from(list));
}
