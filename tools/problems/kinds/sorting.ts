import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

/** Three or four digits in rising or falling order. */
export function sorting(draw: Draw): Problem {
  const digits = Array.from({ length: draw.between(3, 4) }, () => draw.below(10));
  const rising = draw.below(2) === 0;
  const sorted = digits.toSorted((a, b) => (rising ? a - b : b - a));
  const order = rising ? "small to large" : "large to small";
  return { instruction: `Sort from ${order}: ${digits.join(" ")}`, output: sorted.join(" ") };
}
