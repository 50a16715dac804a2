import type { Draw } from "../../problems/draw.ts";
import { dial } from "../../problems/kinds/clock.ts";
import { UNITS } from "../../problems/kinds/units.ts";
import { WEEKDAYS } from "../../problems/kinds/weekday.ts";

/** So many of one unit as so many of another. */
export function measures(draw: Draw): string {
  const { from, factor, to } = draw.pick(UNITS);
  const amount = draw.between(1, 20);
  const product = amount * factor;
  return draw.pick([
    `${amount} ${from} = ${product} ${to}`,
    `In ${amount} ${from} there are ${product} ${to}.`,
  ]);
}

/** A time and another time some minutes away. */
export function times(draw: Draw): string {
  const now = 5 * draw.below(144);
  const minutes = 5 * draw.between(1, 12);
  return draw.pick([
    `At ${dial(now)} we wait ${minutes} minutes, then it is ${dial(now + minutes)}.`,
    `${minutes} minutes before ${dial(now)} it was ${dial(now - minutes + 720)}.`,
  ]);
}

/** What is paid, and what comes back. */
export function payments(draw: Draw): string {
  const paid = draw.pick([20, 50, 100]);
  const price = draw.between(1, paid - 1);
  const what = draw.pick(["book", "cake", "coin", "pen"]);
  return draw.pick([
    `You pay ${paid} cents for a ${what} that costs ${price} cents, the change is ${paid - price} cents.`,
    `${paid} cents - ${price} cents = ${paid - price} cents`,
  ]);
}

/** Days of the week and what lies between them. */
export function days(draw: Draw): string {
  const today = draw.below(7);
  const gap = draw.between(1, 10);
  const later = WEEKDAYS[(today + gap) % 7];
  const earlier = WEEKDAYS[(today - gap + 14) % 7];
  return draw.pick([
    `${WEEKDAYS[today]} and ${gap} days more: ${later}.`,
    `Today the day is ${WEEKDAYS[today]}, ${gap} days ago it was ${earlier}.`,
    `The day after ${WEEKDAYS[today]} is ${WEEKDAYS[(today + 1) % 7]}.`,
  ]);
}
