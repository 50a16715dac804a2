import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

const HALF_DAY = 720;

/** `minutes` after noon or midnight on a twelve-hour dial. */
export function dial(minutes: number): string {
  const hour = Math.floor(minutes / 60) % 12;
  return `${hour === 0 ? 12 : hour}:${`${minutes % 60}`.padStart(2, "0")}`;
}

/** The time some minutes later or earlier, in steps of five. */
export function clock(draw: Draw): Problem {
  const now = 5 * draw.below(HALF_DAY / 5);
  const minutes = 5 * draw.between(1, 12);
  return draw.pick<() => Problem>([
    () => ({
      instruction: `It is ${dial(now)}. What time is it in ${minutes} minutes?`,
      output: dial(now + minutes),
    }),
    () => ({
      instruction: `It is ${dial(now)}. What time was it ${minutes} minutes ago?`,
      output: dial(now - minutes + HALF_DAY),
    }),
  ])();
}
