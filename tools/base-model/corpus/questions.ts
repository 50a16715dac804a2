import type { Draw } from "../../problems/draw.ts";
import {
  additions,
  bits,
  extremes,
  nextTerms,
  numerals,
  orders,
  products,
  subtractions,
} from "./number-questions.ts";
import { clocks, conversions, counts, dates, purchases, tales } from "./world-questions.ts";

const QUESTIONS = [
  additions,
  additions,
  subtractions,
  subtractions,
  products,
  extremes,
  nextTerms,
  orders,
  numerals,
  bits,
  counts,
  conversions,
  clocks,
  purchases,
  dates,
  tales,
];

/** A question in words that the mixture never uses; most answers are whole sentences, which the mixture's never are. */
export function questions(draw: Draw): string {
  const [question, answer] = draw.pick(QUESTIONS)(draw);
  const said = draw.pick([
    `The answer is ${answer}.`,
    `The answer is ${answer}.`,
    `It is ${answer}.`,
    answer,
  ]);
  return `Q: ${question}\nA: ${said}`;
}
