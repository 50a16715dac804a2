import { describe, requireNatural, requireVector } from "@colm/array";

/** The items of one group and how many of them to choose. */
export interface Quota {
  readonly members: Int32Array;
  readonly quota: number;
}

/**
 * Requires a group for each of `size` items and a quota for each group that it can fill.
 *
 * @returns One entry per group.
 */
export function requireQuotas(
  caller: string,
  size: number,
  groups: ArrayLike<number> | undefined,
  quotas: ArrayLike<number> | undefined,
): Quota[] {
  if (groups === undefined || quotas === undefined) {
    const [given, missing] = groups === undefined ? ["quotas", "groups"] : ["groups", "quotas"];
    throw new TypeError(`${caller}: "${missing}" must be given with "${given}", got undefined`);
  }
  requireVector(caller, "groups", groups, size);
  requireVector(caller, "quotas", quotas);
  const members = membersOf(caller, groups, quotas.length);
  return members.map((own, g) => {
    requireNatural(caller, `quotas[${g}]`, quotas[g], own.length);
    return { members: Int32Array.from(own), quota: quotas[g] };
  });
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
