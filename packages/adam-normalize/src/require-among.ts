import { describe } from "@colm/array";

/** Requires, for each group that has rows, at least `keep` ascending coordinates below `dimension`. */
export function requireAmong(
  caller: string,
  among: readonly Int32Array[],
  members: readonly Int32Array[],
  keep: number,
  dimension: number,
): void {
  if (!Array.isArray(among)) {
    throw new TypeError(`${caller}: "among" must be an array of Int32Arrays, got ${describe(among)}`);
  }
  for (const [g, own] of members.entries()) {
    if (own.length === 0) continue;
    const list: unknown = among[g];
    if (!(list instanceof Int32Array)) {
      throw new TypeError(`${caller}: "among[${g}]" must be an Int32Array, got ${describe(list)}`);
    }
    if (list.length < keep) {
      throw new RangeError(`${caller}: "among[${g}]" must have at least ${keep} entries, got ${list.length}`);
    }
    let before = -1;
    for (const [a, coordinate] of list.entries()) {
      if (coordinate <= before || coordinate >= dimension) {
        throw new RangeError(
          `${caller}: "among[${g}]" must ascend in [0, ${dimension}), got ${coordinate} at ${a}`,
        );
      }
      before = coordinate;
    }
  }
}
