import { describe } from "@colm/array";

/** Which of two equally good items goes first: the lower or the higher index. */
export type Ties = "low" | "high";

/** Requires a rule for ties. */
export function requireTies(caller: string, value: unknown): asserts value is Ties {
  if (value !== "low" && value !== "high") {
    throw new RangeError(`${caller}: "ties" must be "low" or "high", got ${describe(value)}`);
  }
}
