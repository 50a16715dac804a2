import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

/** One sum, difference (never negative) or product of small natural numbers. */
export function arithmetic(draw: Draw): Problem {
  const [sum, result] = draw.pick([addition, addition, subtraction, multiplication])(draw);
  const ask = draw.pick([
    (text: string) => `What is ${text}?`,
    (text: string) => `Compute ${text}.`,
    (text: string) => `${text} = ?`,
  ]);
  return { instruction: ask(sum), output: `${result}` };
}

function addition(draw: Draw): [string, number] {
  const a = draw.between(0, 60);
  const b = draw.between(0, 39);
  return [`${a} + ${b}`, a + b];
}

function subtraction(draw: Draw): [string, number] {
  const a = draw.between(1, 60);
  const b = draw.between(0, a);
  return [`${a} - ${b}`, a - b];
}

function multiplication(draw: Draw): [string, number] {
  const a = draw.between(2, 12);
  const b = draw.between(2, 9);
  return [`${a} x ${b}`, a * b];
}
