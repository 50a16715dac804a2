import type { Draw } from "../../problems/draw.ts";
import { romanNumeral } from "../../problems/kinds/roman.ts";

/** A number and its Roman numeral. */
export function romanNumerals(draw: Draw): string {
  const value = draw.between(1, 60);
  const numeral = romanNumeral(value);
  return draw.pick([`${numeral} means ${value}.`, `The Roman numeral of ${value} is ${numeral}.`]);
}

/** A number and its digits in base two. */
export function binaryNumerals(draw: Draw): string {
  const value = draw.between(0, 31);
  const bits = value.toString(2);
  return draw.pick([`The binary ${bits} means ${value}.`, `${value} in base two is ${bits}.`]);
}
