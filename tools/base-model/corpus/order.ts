import type { Draw } from "../../problems/draw.ts";

/** A sentence about which of two numbers is the larger one. */
export function comparisons(draw: Draw): string {
  const a = draw.between(0, 99);
  const b = (a + draw.between(1, 99)) % 100;
  const [low, high] = a < b ? [a, b] : [b, a];
  return draw.pick([
    `${low} is smaller than ${high}.`,
    `${high} is larger than ${low}.`,
    `Of ${a} and ${b} the greater is ${high}.`,
    `Of ${a} and ${b} the lesser is ${low}.`,
    `Is it true that ${a} > ${b}: ${a > b ? "yes" : "no"}.`,
  ]);
}

/** Numbers at equal distances, rising or falling. */
export function sequences(draw: Draw): string {
  const step = draw.between(1, 10);
  const low = draw.between(0, 40);
  const rising = [0, 1, 2, 3, 4, 5].map((i) => low + i * step);
  const terms = draw.below(2) === 0 ? rising : rising.toReversed();
  return draw.pick([
    `${terms.join(", ")}.`,
    `Sequence in steps of ${step}: ${terms.join(", ")}.`,
    `After ${terms.slice(0, 5).join(", ")} comes the number ${terms[5]}.`,
  ]);
}

/** Digits, and the same digits in order. */
export function sorted(draw: Draw): string {
  const digits = Array.from({ length: draw.between(2, 4) }, () => draw.below(10));
  const rising = digits.toSorted((a, b) => a - b).join(" ");
  const falling = digits.toSorted((a, b) => b - a).join(" ");
  const shown = digits.join(" ");
  return draw.pick([`${shown} from small on: ${rising}`, `${shown} from large on: ${falling}`]);
}

const THINGS = ["cat", "dog", "bird", "fish"];

/** A list of animals, and how many of one of them it has. */
export function lists(draw: Draw): string {
  const items = Array.from({ length: draw.between(2, 7) }, () => draw.pick(THINGS));
  const wanted = draw.pick(THINGS);
  const count = items.filter((item) => item === wanted).length;
  return draw.pick([
    `The list ${items.join(" ")} has ${wanted}: ${count}`,
    `${items.join(" ")}. We count ${count} times ${wanted}.`,
    `${wanted} in ${items.join(" ")}: ${count}`,
  ]);
}
