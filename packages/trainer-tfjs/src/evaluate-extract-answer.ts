import { canonicalNumber, NUMBER } from "./evaluate-read-number.ts";

/**
 * The content of the last whole `\boxed{…}` (or `\fbox{…}`) of a text, where worked solutions in LaTeX put their answer.
 *
 * @param text - Any text. Braces inside count in pairs, escaped ones (`\{`) do not; `\boxed 5` is read too.
 * @returns The content without white space around it; undefined where there is none or it is empty.
 * @example
 * boxedAnswer("so $x = \\boxed{\\frac{1}{2}}$."); // => "\\frac{1}{2}"
 */
export function boxedAnswer(text: string): string | undefined {
  for (const box of [...text.matchAll(/\\(?:boxed|fbox)(?![A-Za-z])\s*/g)].reverse()) {
    const rest = text.slice(box.index + box[0].length);
    const content = rest.startsWith("{") ? inBraces(rest) : bare(rest);
    if (content !== undefined) return content.trim() || undefined;
  }
  return undefined;
}

/** What stands between the brace that a text begins with and the one that closes it. */
function inBraces(text: string): string | undefined {
  let depth = 0;
  for (let i = 0; i < text.length; i++) {
    if (text[i] === "\\") i++;
    else if (text[i] === "{") depth++;
    else if (text[i] === "}" && --depth === 0) return text.slice(1, i);
  }
  return undefined;
}

function bare(text: string): string | undefined {
  const [found] = /^[^\s$\\.,;{}]+(?:[.,][^\s$\\.,;{}]+)*/.exec(text) ?? [];
  return found;
}

/**
 * What follows the last "answer is" of a text ("The answer is 12.", "Answer: 12", GSM8K's "#### 12"), up to the end of its sentence or line.
 *
 * @param text - Any text. Upper and lower case are alike; `**` around the answer and a full stop behind it do not belong to it.
 * @returns The answer, of a `\boxed{…}` its content; undefined where nothing follows or there is no such phrase.
 * @example
 * phraseAnswer("2 + 3 = 5. The answer is $3.50. Done."); // => "$3.50"
 */
export function phraseAnswer(text: string): string | undefined {
  const phrase = [...text.matchAll(/(?:\banswer(?:\s+is\b|\s*:)|####)\s*:?/gi)].at(-1);
  if (phrase === undefined) return undefined;
  const [line = ""] = text
    .slice(phrase.index + phrase[0].length)
    .trimStart()
    .split("\n", 1);
  const [sentence = ""] = line.replaceAll("**", "").split(/[.!?](?=\s|$)/, 1);
  return boxedAnswer(line) ?? (withoutEnd(sentence).trimStart() || undefined);
}

/** A text without the white space and punctuation that it ends with. */
export function withoutEnd(text: string): string {
  let end = text.length;
  while (end > 0 && /[\s.,;:!?]/.test(text[end - 1])) end--;
  return text.slice(0, end);
}

/**
 * The last number of a text, where worked solutions of problems put their answer.
 *
 * @param text - Any text. Numbers may have a sign, commas between thousands, decimals, a power of ten, or be fractions (`3/4`, `2 1/2`,
 *   `\frac{3}{4}`). A minus that follows a letter, a digit or a bracket subtracts.
 * @returns The number in one way of writing, a decimal where it ends, else `top/bottom` in lowest terms; undefined where there is none.
 * @example
 * lastNumber("3 boxes of 1,200 make 3600.0"); // => "3600"
 * lastNumber("x = -\\frac{2}{6}"); // => "-1/3"
 * lastNumber("none"); // => undefined
 */
export function lastNumber(text: string): string | undefined {
  const plain = text
    .replaceAll(/\\[!,;]|\{,\}/g, (mark) => (mark === "{,}" ? "," : ""))
    .replaceAll("\\$", "$");
  return [...plain.matchAll(new RegExp(NUMBER, "gu"))]
    .map(({ groups = {} }) => canonicalNumber(groups))
    .filter((number) => number !== undefined)
    .at(-1);
}

/**
 * The answer that a worked solution gives: {@link boxedAnswer}, else {@link phraseAnswer}, else {@link lastNumber}.
 *
 * @param text - Any text.
 * @returns The answer, undefined where there is none.
 * @example
 * extractAnswer("Total: 32+8+25=65 books\nThe answer is 65"); // => "65"
 */
export function extractAnswer(text: string): string | undefined {
  return boxedAnswer(text) ?? phraseAnswer(text) ?? lastNumber(text);
}
