import type { Draw } from "../draw.ts";
import type { Problem } from "../problem.ts";

const SIGNS: readonly (readonly [sign: string, value: number])[] = [
  ["L", 50],
  ["XL", 40],
  ["X", 10],
  ["IX", 9],
  ["V", 5],
  ["IV", 4],
  ["I", 1],
];

/** A number below 90 in Roman numerals: always the largest sign that still fits. */
export function romanNumeral(value: number): string {
  let rest = value;
  let text = "";
  for (const [sign, worth] of SIGNS) {
    while (rest >= worth) {
      text += sign;
      rest -= worth;
    }
  }
  return text;
}

/** A number up to 60 into Roman numerals or back. */
export function roman(draw: Draw): Problem {
  const value = draw.between(1, 60);
  const numeral = romanNumeral(value);
  return draw.pick<Problem>([
    { instruction: `Write ${value} in Roman numerals.`, output: numeral },
    { instruction: `Which number is ${numeral} in Roman numerals?`, output: `${value}` },
  ]);
}
