import type { Draw } from "../../problems/draw.ts";
import { WEEKDAYS } from "../../problems/kinds/weekday.ts";

/** A question and its answer, in words that the mixture never uses, about half of its kinds. */
export function questions(draw: Draw): string {
  const [question, answer] = draw.pick([howMuch, bigger, inSteps, inOrder, later, howFar])(draw);
  return `Q: ${question}\nA: ${answer}`;
}

type Question = [question: string, answer: string];

function howMuch(draw: Draw): Question {
  const a = draw.between(0, 40);
  const b = draw.between(0, 20);
  return draw.pick<Question>([
    [`How much are ${a} and ${b}?`, `${a} + ${b} = ${a + b}`],
    [`How much is ${a + b} less ${b}?`, `${a + b} - ${b} = ${a}`],
  ]);
}

function bigger(draw: Draw): Question {
  const a = draw.between(0, 99);
  const b = (a + draw.between(1, 99)) % 100;
  return draw.pick<Question>([
    [`The greater of ${a} and ${b}?`, `${Math.max(a, b)} is greater`],
    [`The lesser of ${a} and ${b}?`, `${Math.min(a, b)} is lesser`],
  ]);
}

function inSteps(draw: Draw): Question {
  const step = draw.between(1, 10);
  const low = draw.between(0, 40);
  const terms = [0, 1, 2, 3].map((i) => low + i * step);
  return [`Go on from ${terms.slice(0, 3).join(", ")}?`, `then ${terms[3]}`];
}

function inOrder(draw: Draw): Question {
  const digits = Array.from({ length: 3 }, () => draw.below(10));
  return [`The digits ${digits.join(" ")} in order?`, digits.toSorted((a, b) => a - b).join(", ")];
}

function later(draw: Draw): Question {
  const today = draw.below(7);
  return [`Today is ${WEEKDAYS[today]}, and the day after?`, `It is ${WEEKDAYS[(today + 1) % 7]}`];
}

function howFar(draw: Draw): Question {
  const amount = draw.between(1, 20);
  return [`${amount} m, how far in cm?`, `${amount} m = ${amount * 100} cm`];
}
