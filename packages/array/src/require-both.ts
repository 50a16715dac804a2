import { wrongKind } from "./wrong-argument.ts";

/**
 * Requires two settings together or neither.
 *
 * @param caller - Name of the public function that checks its options.
 * @param a - Name of one setting.
 * @param first - Its value.
 * @param b - Name of the other.
 * @param second - Its value.
 * @throws {TypeError} If just one of them is given.
 * @example
 * requireBoth("f", "costs", [1, 2], "budget", 2);
 */
export function requireBoth(caller: string, a: string, first: unknown, b: string, second: unknown): void {
  if ((first === undefined) === (second === undefined)) return;
  const [given, missing] = first === undefined ? [b, a] : [a, b];
  throw wrongKind(caller, missing, `be given with "${given}"`, undefined);
}
