import { requireChoice } from "@colm/array";

/** Which of two equally good items goes first: the lower or the higher index. */
export type Ties = "low" | "high";

/** Requires a rule for ties. */
export function requireTies(caller: string, value: unknown): asserts value is Ties {
  requireChoice(caller, "ties", value, ["low", "high"]);
}
