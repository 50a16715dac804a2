import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

/** The fifth term of an arithmetic sequence, rising or falling, that stays natural. */
export function sequence(draw: Draw): Problem {
  const step = draw.between(1, 10);
  const low = draw.between(0, 40);
  const rising = [0, 1, 2, 3, 4].map((i) => low + i * step);
  const terms = draw.below(2) === 0 ? rising : rising.toReversed();
  const shown = terms.slice(0, 4).join(", ");
  const instruction = draw.pick([
    `What comes next: ${shown}?`,
    `Continue the sequence ${shown}.`,
    `Next number after ${shown}?`,
  ]);
  return { instruction, output: `${terms[4]}` };
}
