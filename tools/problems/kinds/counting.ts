import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

const THINGS = ["cat", "dog", "bird", "fish"];

/** How often one word, which may be absent, stands in a short list. */
export function counting(draw: Draw): Problem {
  const items = Array.from({ length: draw.between(3, 7) }, () => draw.pick(THINGS));
  const wanted = draw.pick(THINGS);
  const list = items.join(" ");
  const instruction = draw.pick([`How many times ${wanted}: ${list}?`, `Count ${wanted} in: ${list}.`]);
  return { instruction, output: `${items.filter((item) => item === wanted).length}` };
}
