import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

const THINGS = ["book", "cake", "coin", "pen"];

/** The change when something is paid with a round sum of cents. */
export function change(draw: Draw): Problem {
  const paid = draw.pick([20, 50, 100]);
  const price = draw.between(1, paid - 1);
  const what = draw.pick(THINGS);
  return {
    instruction: `A ${what} costs ${price} cents. You pay ${paid} cents. What is the change?`,
    output: `${paid - price} cents`,
  };
}
