import { requireBoth, requireIndices, requireNatural, requireVector } from "@colm/array";

/** The items of one group and how many of them to choose. */
export interface Quota {
  readonly members: Int32Array;
  readonly quota: number;
}

/**
 * Requires a group for each of `size` items and a quota for each group that it can fill.
 *
 * @returns One entry per group; undefined where neither is given.
 */
export function requireQuotas(
  caller: string,
  size: number,
  groups: ArrayLike<number> | undefined,
  quotas: ArrayLike<number> | undefined,
): Quota[] | undefined {
  requireBoth(caller, "groups", groups, "quotas", quotas);
  if (groups === undefined || quotas === undefined) return undefined;
  requireVector(caller, "groups", groups, size);
  requireVector(caller, "quotas", quotas);
  requireIndices(caller, "groups", groups, quotas.length, false);
  const members = Array.from(quotas, (): number[] => []);
  for (let i = 0; i < size; i++) members[groups[i]].push(i);
  return members.map((own, g) => {
    requireNatural(caller, `quotas[${g}]`, quotas[g], own.length);
    return { members: Int32Array.from(own), quota: quotas[g] };
  });
}
