import { requireNatural, requirePositive, wrongKind } from "@colm/array";
import type { Directions } from "./perturbation.ts";

/** Requires what draws directions, its fields under `prefix` in errors. */
export function requireDirections(caller: string, directions: Directions, prefix = ""): void {
  if (typeof directions !== "object" || directions === null) {
    throw wrongKind(caller, "directions", "be an object", directions);
  }
  const { dimension, seed, step, fresh = false } = directions;
  requirePositive(caller, `${prefix}dimension`, dimension);
  requireNatural(caller, `${prefix}seed`, seed);
  requireNatural(caller, `${prefix}step`, step);
  if (typeof fresh !== "boolean") throw wrongKind(caller, `${prefix}fresh`, "be a boolean", fresh);
}
