import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

export const WEEKDAYS: readonly string[] = [
  "Monday",
  "Tuesday",
  "Wednesday",
  "Thursday",
  "Friday",
  "Saturday",
  "Sunday",
];

/** The weekday some days after or before another. */
export function weekday(draw: Draw): Problem {
  const today = draw.below(7);
  const days = draw.between(2, 10);
  return draw.pick<() => Problem>([
    () => ({
      instruction: `Which day is ${days} days after ${WEEKDAYS[today]}?`,
      output: WEEKDAYS[(today + days) % 7],
    }),
    () => ({
      instruction: `Which day was ${days} days before ${WEEKDAYS[today]}?`,
      output: WEEKDAYS[(today - days + 14) % 7],
    }),
  ])();
}
