import { withoutEnd } from "./evaluate-extract-answer.ts";
import { canonicalNumber, NUMBER } from "./evaluate-read-number.ts";

/** A number and what it counts or measures, "" where nothing is said. */
export interface Quantity {
  /** A decimal where it ends, else `top/bottom` in lowest terms: equal texts for equal numbers and for no others. */
  readonly number: string;
  /** In lower case, words in the singular. */
  readonly unit: string;
}

// what may follow a number without a space; longer words need one, so that 2x and 3n are no quantities
const SHORT =
  "%|°C|°F|°|mm|cm|dm|km|m|mg|kg|g|ml|mL|cl|dl|L|kb|mb|gb|KB|MB|GB|mph|km/h|m/s|ms|s|min|h|hrs?|ft|in|lbs?|oz|am|pm";
const WORDS = String.raw`[\p{L}%°/'.-]+(?:\^\{?\d\}?)?`;
const QUANTITY = new RegExp(
  String.raw`^[$€£]?\s?${NUMBER}(?:\s?(?<short>(?:${SHORT})(?:\^\{?\d\}?)?)| (?<words>(?!\p{L}$)${WORDS}(?: ${WORDS})*))?$`,
  "u",
);

/**
 * An answer that is a number, with or without a unit: `1,234.50`, `$5`, `-3/4`, `\frac{1}{2}`, `50%`, `12 apples`, `x = 7`, `$90^\circ$`.
 *
 * @param answer - Any text. Dollar signs of LaTeX, `\text{…}` and closing punctuation are read over, as is a letter with an equals sign in front.
 * @returns The quantity; undefined where the answer is anything else, such as `2x`, `(1, 2)`, `1,23` or `3 of 4`.
 * @remarks A percent sign is a unit: 50% is the number 50.
 * @example
 * quantityOf("\\$1,200.00 dollars."); // => { number: "1200", unit: "dollar" }
 * quantityOf("2x"); // => undefined
 */
export function quantityOf(answer: string): Quantity | undefined {
  const { groups = {} } = QUANTITY.exec(plain(answer).replace(/^\\?[A-Za-z]\s?=\s?/, "")) ?? {};
  const number = canonicalNumber(groups);
  if (number === undefined) return undefined;
  const words = (groups.short ?? groups.words ?? "").toLowerCase().split(" ");
  return { number, unit: words.map((word) => word.replace(/(?<=\p{L}{2})s$/u, "")).join(" ") };
}

/**
 * Whether two answers say the same: as numbers where both are quantities (`0.5`, `1/2` and `\frac12`; `12` and `12 apples`, but not
 * `5 cm` and `5 m`), else letter by letter after what is mere writing is taken away.
 *
 * @param a - One answer.
 * @param b - The other.
 * @returns Whether they are the same: every answer is the same as itself, and the order does not matter. Numbers are compared exactly: `0.333`
 *   is not `1/3`. A unit that only one of them names is read over, so that `5 cm` and `5 m` are both the same as `5`. Of other answers
 *   upper and lower case, white space, LaTeX's dollar signs and spacing, brackets around a single letter and a full stop at the end do
 *   not count.
 * @example
 * sameAnswer("$3,600.00", "3600 dollars"); // => true
 * sameAnswer("(B)", "b."); // => true
 * sameAnswer("x^2 + 1", "x^2+1"); // => true
 * sameAnswer("2x", "2"); // => false
 */
export function sameAnswer(a: string, b: string): boolean {
  const [left, right] = [quantityOf(a), quantityOf(b)];
  if (left && right) {
    if (left.number !== right.number) return false;
    return left.unit === right.unit || left.unit === "" || right.unit === "";
  }
  return letters(a) === letters(b);
}

/** An answer without what LaTeX puts around it. */
function plain(answer: string): string {
  const text = answer
    .replaceAll(/\\(?:text|textbf|mathrm|mbox) ?\{([^{}]*)\}/g, " $1")
    .replaceAll(/\\(?:left|right)(?![A-Za-z])|\\[!,;:]|\\[[\]()]/g, "")
    .replaceAll(/\^\{?\\circ\}?|\\degree/g, "°")
    .replaceAll(/\\[dt]frac/g, "\\frac")
    .replaceAll("{,}", ",")
    .replaceAll("**", "")
    .replaceAll(/\\([$%])/g, "$1")
    .replaceAll(/\\ |~/g, " ")
    .replaceAll(/\s+/g, " ");
  const whole = withoutEnd(text).trimStart();
  return whole.length > 1 && whole.startsWith("$") && whole.endsWith("$")
    ? withoutEnd(whole.slice(1, -1)).trimStart()
    : whole;
}

function letters(answer: string): string {
  return plain(answer)
    .replace(/^\(([A-Za-z])\)$/, "$1")
    .replaceAll(/(?<![\p{L}\p{N}])\s+|\s+(?![\p{L}\p{N}])/gu, "")
    .toLowerCase();
}
