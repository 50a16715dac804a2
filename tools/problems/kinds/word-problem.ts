import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

const PEOPLE = ["Ann", "Ben", "Eva", "Tom"];
const THINGS = ["apples", "books", "coins", "pens"];

/** A story of two numbers; the answer shows the sum that solves it. */
export function wordProblem(draw: Draw): Problem {
  const who = draw.pick(PEOPLE);
  const what = draw.pick(THINGS);
  const [story, sum, result] = draw.pick([buys, gives, bags, shares])(draw, who, what);
  return { instruction: story, output: `${sum} = ${result}` };
}

type Story = [story: string, sum: string, result: number];

function buys(draw: Draw, who: string, what: string): Story {
  const a = draw.between(1, 30);
  const b = draw.between(1, 15);
  return [
    `${who} has ${a} ${what} and buys ${b} more. How many ${what} does ${who} have?`,
    `${a} + ${b}`,
    a + b,
  ];
}

function gives(draw: Draw, who: string, what: string): Story {
  const a = draw.between(5, 30);
  const b = draw.between(1, a);
  return [`${who} has ${a} ${what} and gives away ${b}. How many ${what} are left?`, `${a} - ${b}`, a - b];
}

function bags(draw: Draw, who: string, what: string): Story {
  const a = draw.between(2, 9);
  const b = draw.between(2, 9);
  return [`${who} has ${a} bags with ${b} ${what} each. How many ${what} in all?`, `${a} x ${b}`, a * b];
}

function shares(draw: Draw, who: string, what: string): Story {
  const b = draw.between(2, 9);
  const each = draw.between(1, 9);
  return [
    `${who} shares ${b * each} ${what} among ${b} friends. How many ${what} for each?`,
    `${b * each} / ${b}`,
    each,
  ];
}
