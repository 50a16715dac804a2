import { wrongKind } from "@colm/array";

/** Requires two settings together or neither. */
export function requireBoth(caller: string, a: string, first: unknown, b: string, second: unknown): void {
  if ((first === undefined) === (second === undefined)) return;
  const [given, missing] = first === undefined ? [b, a] : [a, b];
  throw wrongKind(caller, missing, `be given with "${given}"`, undefined);
}
