import { describe, requireNatural, requireVector } from "@colm/array";

/** The items of one group and how many of them to choose. */
export interface Quota {
  readonly members: Int32Array;
  readonly quota: number;
}

/**
 * Requires groups and quotas that fit `size` items and `count`, or neither.
 *
 * @returns One entry per group; without groups, all items in one.
 */
export function requireQuotas(
  caller: string,
  size: number,
  count: number,
  groups: ArrayLike<number> | undefined,
  quotas: ArrayLike<number> | undefined,
): Quota[] {
  if (groups === undefined && quotas === undefined) {
    return [{ members: Int32Array.from({ length: size }, (_, i) => i), quota: count }];
  }
  if (groups === undefined || quotas === undefined) {
    const [given, missing] = groups === undefined ? ["quotas", "groups"] : ["groups", "quotas"];
    throw new TypeError(`${caller}: "${missing}" must be given with "${given}", got undefined`);
  }
  requireVector(caller, "groups", groups, size);
  requireVector(caller, "quotas", quotas);
  const members = membersOf(caller, groups, quotas.length);
  let sum = 0;
  for (let g = 0; g < quotas.length; g++) {
    requireNatural(caller, `quotas[${g}]`, quotas[g], members[g].length);
    sum += quotas[g];
  }
  if (sum !== count) {
    throw new RangeError(`${caller}: "quotas" must sum to "count" ${count}, got ${sum}`);
  }
  return members.map((own, g) => ({ members: Int32Array.from(own), quota: quotas[g] }));
}

function membersOf(caller: string, groups: ArrayLike<number>, count: number): number[][] {
  const members = Array.from({ length: count }, (): number[] => []);
  for (let i = 0; i < groups.length; i++) {
    const group = groups[i];
    if (!Number.isInteger(group) || group < 0 || group >= count) {
      throw new RangeError(
        `${caller}: "groups" must be integers in [0, ${count}), one for each quota, got ${describe(group)} at ${i}`,
      );
    }
    members[group].push(i);
  }
  return members;
}
