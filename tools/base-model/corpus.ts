import { type Draw, drawAt } from "../problems/draw.ts";
import { days, measures, payments, times } from "./corpus/measures.ts";
import { binaryNumerals, romanNumerals } from "./corpus/numerals.ts";
import { comparisons, lists, sequences, sorted } from "./corpus/order.ts";
import { questions } from "./corpus/questions.ts";
import { sentences, stories } from "./corpus/sentences.ts";
import { sums } from "./corpus/sums.ts";

const TEXTS: readonly ((draw: Draw) => string)[] = [
  sums,
  questions,
  comparisons,
  questions,
  sequences,
  questions,
  sorted,
  lists,
  questions,
  measures,
  times,
  questions,
  payments,
  sums,
  questions,
  days,
  romanNumerals,
  questions,
  binaryNumerals,
  stories,
  questions,
  sentences,
  questions,
];

const STREAM = 2000;

/**
 * Text number `position` of the general corpus: plain statements about the world of the problems, in turn from every
 * kind, and questions in other words than the mixture's.
 */
export function corpusText(seed: number, position: number): string {
  const kind = TEXTS[position % TEXTS.length];
  return kind(drawAt(seed, STREAM, position));
}
