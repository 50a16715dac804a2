import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

/** One of the first unit is `factor` of the second. */
export const UNITS: readonly { readonly from: string; readonly factor: number; readonly to: string }[] = [
  { from: "m", factor: 100, to: "cm" },
  { from: "km", factor: 1000, to: "m" },
  { from: "kg", factor: 1000, to: "g" },
  { from: "hours", factor: 60, to: "minutes" },
  { from: "minutes", factor: 60, to: "seconds" },
  { from: "weeks", factor: 7, to: "days" },
  { from: "years", factor: 12, to: "months" },
];

/** So many of a large unit in the smaller one. */
export function units(draw: Draw): Problem {
  const { from, factor, to } = draw.pick(UNITS);
  const amount = draw.between(2, 20);
  const instruction = draw.pick([
    `Convert ${amount} ${from} to ${to}.`,
    `How many ${to} are ${amount} ${from}?`,
  ]);
  return { instruction, output: `${amount * factor} ${to}` };
}
