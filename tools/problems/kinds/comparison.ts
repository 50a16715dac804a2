import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

/** The larger or the smaller of two different numbers, or whether the first is the larger one. */
export function comparison(draw: Draw): Problem {
  const a = draw.between(0, 99);
  const b = (a + draw.between(1, 99)) % 100;
  return draw.pick<() => Problem>([
    () => ({ instruction: `Which is larger, ${a} or ${b}?`, output: `${Math.max(a, b)}` }),
    () => ({ instruction: `Which is smaller, ${a} or ${b}?`, output: `${Math.min(a, b)}` }),
    () => ({ instruction: `Is ${a} greater than ${b}?`, output: a > b ? "yes" : "no" }),
  ])();
}
