import type { Draw } from "../../problems/draw.ts";

const PEOPLE = ["Ann", "Ben", "Eva", "Tom"];
const THINGS = ["apples", "books", "coins", "pens"];
const VERBS = ["buys", "has", "gives away", "shares", "counts", "sorts"];

/** A plain English sentence of the words that the problems are made of. */
export function sentences(draw: Draw): string {
  const who = draw.pick(PEOPLE);
  const friend = draw.pick(PEOPLE);
  const what = draw.pick(THINGS);
  const many = draw.between(2, 30);
  return draw.pick([
    `${who} ${draw.pick(VERBS)} ${many} ${what}.`,
    `${who} and ${friend} are friends.`,
    `How does ${who} write the number ${many}?`,
    `What does ${friend} compute next?`,
    `Which of the ${what} are left, and how many?`,
    `${who} will convert and continue, ${friend} will sort and count.`,
  ]);
}

/** A story of two numbers that ends in the sum that solves it. */
export function stories(draw: Draw): string {
  const who = draw.pick(PEOPLE);
  const what = draw.pick(THINGS);
  return draw.pick([gains, losses, bags, parts])(draw, who, what);
}

function gains(draw: Draw, who: string, what: string): string {
  const a = draw.between(1, 30);
  const b = draw.between(1, 15);
  return `${who} has ${a} ${what}. Then ${who} buys ${b} ${what}: ${a} + ${b} = ${a + b}`;
}

function losses(draw: Draw, who: string, what: string): string {
  const a = draw.between(5, 30);
  const b = draw.between(1, a);
  return `${who} has ${a} ${what}. Then ${who} gives away ${b} ${what}: ${a} - ${b} = ${a - b}`;
}

function bags(draw: Draw, who: string, what: string): string {
  const a = draw.between(2, 9);
  const b = draw.between(2, 9);
  return `${who} fills ${a} bags, each with ${b} ${what}: ${a} x ${b} = ${a * b}`;
}

function parts(draw: Draw, who: string, what: string): string {
  const a = draw.between(1, 9);
  const b = draw.between(2, 9);
  return `${who} has ${a * b} ${what} for ${b} friends: ${a * b} / ${b} = ${a}`;
}
