import type { Draw } from "../../problems/draw.ts";
import { romanNumeral } from "../../problems/kinds/roman.ts";

/** A question about numbers and its short answer. */
export type Question = readonly [question: string, answer: string];

export function additions(draw: Draw): Question {
  const a = draw.between(0, 60);
  const b = draw.between(0, 39);
  const sum = draw.pick([`${a} + ${b}`, `${a} plus ${b}`]);
  return [draw.pick([`How much is ${sum}?`, `Find ${sum}.`, `${sum} gives what?`]), `${a + b}`];
}

export function subtractions(draw: Draw): Question {
  const a = draw.between(1, 60);
  const b = draw.between(0, a);
  const difference = draw.pick([`${a} - ${b}`, `${a} less ${b}`]);
  const question = draw.pick([
    `How much is ${difference}?`,
    `Find ${difference}.`,
    `${difference} gives what?`,
  ]);
  return [question, `${a - b}`];
}

export function products(draw: Draw): Question {
  const a = draw.between(2, 12);
  const b = draw.between(2, 9);
  const product = draw.pick([`${a} x ${b}`, `${a} times ${b}`]);
  return [draw.pick([`How much is ${product}?`, `Find ${product}.`, `${product} gives what?`]), `${a * b}`];
}

export function extremes(draw: Draw): Question {
  const a = draw.between(0, 99);
  const b = (a + draw.between(1, 99)) % 100;
  const high = `${Math.max(a, b)}`;
  const low = `${Math.min(a, b)}`;
  return draw.pick<Question>([
    [`Find the larger of ${a} and ${b}.`, high],
    [`${a} or ${b}, which one is larger?`, high],
    [`Find the smaller of ${a} and ${b}.`, low],
    [`${a} or ${b}, which one is smaller?`, low],
    [`Is ${a} more than ${b}?`, a > b ? "yes" : "no"],
    [`Is ${a} less than ${b}?`, a < b ? "yes" : "no"],
  ]);
}

export function nextTerms(draw: Draw): Question {
  const step = draw.between(1, 10);
  const low = draw.between(0, 40);
  const rising = [0, 1, 2, 3, 4].map((i) => low + i * step);
  const terms = draw.below(2) === 0 ? rising : rising.toReversed();
  const shown = terms.slice(0, 4).join(", ");
  return [
    draw.pick([`${shown} and then?`, `Find the next: ${shown}.`, `What follows ${shown}?`]),
    `${terms[4]}`,
  ];
}

export function orders(draw: Draw): Question {
  const digits = Array.from({ length: draw.between(3, 4) }, () => draw.below(10));
  const shown = digits.join(" ");
  const rising = digits.toSorted((a, b) => a - b).join(" ");
  const falling = digits.toSorted((a, b) => b - a).join(" ");
  return draw.pick<Question>([
    [`Put ${shown} in order, small first.`, rising],
    [`Order small to large ${shown}`, rising],
    [`Put ${shown} in order, large first.`, falling],
    [`Order large to small ${shown}`, falling],
  ]);
}

export function numerals(draw: Draw): Question {
  const value = draw.between(1, 60);
  const numeral = romanNumeral(value);
  return draw.pick<Question>([
    [`Roman numeral for ${value}?`, numeral],
    [`${value} in Roman numerals?`, numeral],
    [`The Roman ${numeral} is which number?`, `${value}`],
    [`Value of ${numeral}?`, `${value}`],
  ]);
}

export function bits(draw: Draw): Question {
  const value = draw.between(0, 31);
  const digits = value.toString(2);
  return draw.pick<Question>([
    [`${value} in binary?`, digits],
    [`Binary digits of ${value}?`, digits],
    [`The binary ${digits} is which number?`, `${value}`],
    [`Value of binary ${digits}?`, `${value}`],
  ]);
}
