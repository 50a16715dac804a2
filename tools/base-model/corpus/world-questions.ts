import type { Draw } from "../../problems/draw.ts";
import { dial } from "../../problems/kinds/clock.ts";
import { UNITS } from "../../problems/kinds/units.ts";
import { WEEKDAYS } from "../../problems/kinds/weekday.ts";
import type { Question } from "./number-questions.ts";

const ANIMALS = ["cat", "dog", "bird", "fish"];
const PEOPLE = ["Ann", "Ben", "Eva", "Tom"];
const THINGS = ["apples", "books", "coins", "pens"];

export function counts(draw: Draw): Question {
  const items = Array.from({ length: draw.between(3, 7) }, () => draw.pick(ANIMALS));
  const wanted = draw.pick(ANIMALS);
  const list = items.join(" ");
  const question = draw.pick([`How many ${wanted} are in ${list}?`, `${list}: how many times ${wanted}?`]);
  return [question, `${items.filter((item) => item === wanted).length}`];
}

export function conversions(draw: Draw): Question {
  const { from, factor, to } = draw.pick(UNITS);
  const amount = draw.between(2, 20);
  const question = draw.pick([
    `How much is ${amount} ${from} in ${to}?`,
    `${amount} ${from}, how many ${to}?`,
  ]);
  return [question, `${amount * factor} ${to}`];
}

export function clocks(draw: Draw): Question {
  const now = 5 * draw.below(144);
  const minutes = 5 * draw.between(1, 12);
  return draw.pick<Question>([
    [`What time is ${minutes} minutes after ${dial(now)}?`, dial(now + minutes)],
    [`The time is ${dial(now)}, and in ${minutes} minutes?`, dial(now + minutes)],
    [`What time is ${minutes} minutes before ${dial(now)}?`, dial(now - minutes + 720)],
    [`The time is ${dial(now)}, and ${minutes} minutes ago?`, dial(now - minutes + 720)],
  ]);
}

export function purchases(draw: Draw): Question {
  const paid = draw.pick([20, 50, 100]);
  const price = draw.between(1, paid - 1);
  const question = draw.pick([
    `You pay ${paid} cents for ${price} cents, the change?`,
    `Costs: ${price} cents. You pay ${paid} cents. How many cents are left?`,
  ]);
  return [question, `${paid - price} cents`];
}

export function dates(draw: Draw): Question {
  const today = draw.below(7);
  const gap = draw.between(1, 10);
  const later = WEEKDAYS[(today + gap) % 7];
  const earlier = WEEKDAYS[(today - gap + 14) % 7];
  return draw.pick<Question>([
    [`It is ${WEEKDAYS[today]}. Which day is in ${gap} days?`, later],
    [`${gap} days after ${WEEKDAYS[today]}?`, later],
    [`It is ${WEEKDAYS[today]}. Which day was ${gap} days ago?`, earlier],
    [`${gap} days before ${WEEKDAYS[today]}?`, earlier],
  ]);
}

export function tales(draw: Draw): Question {
  const who = draw.pick(PEOPLE);
  const what = draw.pick(THINGS);
  const a = draw.between(2, 9);
  const b = draw.between(2, 9);
  const many = draw.between(a, 30);
  return draw.pick<Question>([
    [`${who} has ${many} ${what}. Then ${who} buys ${a}. How many now?`, `${many} + ${a} = ${many + a}`],
    [
      `${who} has ${many} ${what}. Then ${who} gives away ${a}. How many now?`,
      `${many} - ${a} = ${many - a}`,
    ],
    [`How many ${what} are ${a} bags of ${b}?`, `${a} x ${b} = ${a * b}`],
    [`${a * b} ${what} for ${b} friends. How many each?`, `${a * b} / ${b} = ${a}`],
  ]);
}
