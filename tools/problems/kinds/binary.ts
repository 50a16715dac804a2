import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

/** A number of at most five bits into base two or back. */
export function binary(draw: Draw): Problem {
  const value = draw.between(0, 31);
  const bits = value.toString(2);
  return draw.pick<Problem>([
    { instruction: `Write ${value} in binary.`, output: bits },
    { instruction: `Which number is ${bits} in binary?`, output: `${value}` },
  ]);
}
