/** A number as texts write it, exactly: `top / bottom` in lowest terms, `bottom > 0`. */
interface Fraction {
  readonly top: bigint;
  readonly bottom: bigint;
}

// thousands in groups of three or no commas at all; 1,23 is no number
const WHOLE = String.raw`(?:\d{1,3}(?:,\d{3})+(?!,?\d)|\d+)`;
const DECIMAL = String.raw`(?:${WHOLE}(?:\.\d+)?|\.\d+)`;
const POWER = String.raw`(?:[eE](?<exponent>[-+]?\d{1,3})(?!\d)|\s*(?:\\times|\\cdot|×|\*)\s*10\^(?:\{(?<power>[-+]?\d{1,3})\}|(?<digit>\d)))`;
const BRACES = String.raw`\\[dt]?frac\s*(?:\{\s*(?<top>[-+]?${DECIMAL})\s*\}\s*\{\s*(?<bottom>${DECIMAL})\s*\}|(?<topDigit>\d)\s*(?<bottomDigit>\d))`;
const SLASH = String.raw`(?<over>${DECIMAL})\s?/\s?(?<under>${DECIMAL})(?!\d|\s?/)`;

/**
 * A number as people and models write it: `-1,234.50`, `.5`, `3/4`, `2 1/2`, `\frac{3}{4}`, `2\frac12`, `1.5e3`, `3 \times 10^{-2}`, a
 * currency sign after the sign. A sign that follows a letter, a digit or a bracket adds or subtracts and is none of the number's. For
 * expressions with the flag `u`.
 */
export const NUMBER: string = String.raw`(?:(?<![\p{L}\p{N})\]}])(?<sign>[-+−])[$€£]?)?(?:(?:(?<wholeBraces>\d+) ?)?${BRACES}|(?:(?<wholeSlash>\d+) )?${SLASH}|(?<decimal>${DECIMAL})${POWER}?)`;

/**
 * The number that the groups of a match of {@link NUMBER} stand for, in one way of writing: a decimal where it ends, else `top/bottom`.
 *
 * @returns Equal texts for equal numbers and for no others; undefined where a fraction has nothing below.
 */
export function canonicalNumber(groups: Readonly<Record<string, string | undefined>>): string | undefined {
  const value = magnitude(groups);
  if (value === undefined) return undefined;
  const { top, bottom } = reduced(value);
  return written({ top: groups.sign === "-" || groups.sign === "−" ? -top : top, bottom });
}

function magnitude(groups: Readonly<Record<string, string | undefined>>): Fraction | undefined {
  const { decimal, exponent, power, digit, topDigit, bottomDigit } = groups;
  if (decimal !== undefined) {
    const tens = Number(exponent ?? power ?? digit ?? 0);
    const scale = 10n ** BigInt(Math.abs(tens));
    const { top, bottom } = fraction(decimal);
    return tens < 0 ? { top, bottom: bottom * scale } : { top: top * scale, bottom };
  }
  const above = groups.top ?? topDigit ?? groups.over;
  const below = groups.bottom ?? bottomDigit ?? groups.under;
  if (above === undefined || below === undefined) return undefined;
  const [a, b] = [fraction(above), fraction(below)];
  if (b.top === 0n) return undefined;
  const whole = BigInt(groups.wholeBraces ?? groups.wholeSlash ?? 0);
  const bottom = a.bottom * b.top;
  return { top: a.top * b.bottom + whole * bottom, bottom };
}

/** A decimal number, commas read over. */
function fraction(text: string): Fraction {
  const [, sign = "", whole = "", rest = ""] = /^([-+]?)([\d,]*)(?:\.(\d+))?$/.exec(text) ?? [];
  const top = BigInt(whole.replaceAll(",", "") + rest || "0");
  return { top: sign === "-" ? -top : top, bottom: 10n ** BigInt(rest.length) };
}

function reduced({ top, bottom }: Fraction): Fraction {
  let [a, b] = [top < 0n ? -top : top, bottom];
  while (b > 0n) [a, b] = [b, a % b];
  return a === 0n ? { top: 0n, bottom: 1n } : { top: top / a, bottom: bottom / a };
}

function written({ top, bottom }: Fraction): string {
  let [digits, rest] = [0, bottom];
  // 10^digits is a multiple of the bottom exactly when it has no factors but 2 and 5
  for (; rest % 10n === 0n; rest /= 10n) digits++;
  for (const factor of [2n, 5n]) for (; rest % factor === 0n; rest /= factor) digits++;
  if (rest !== 1n) return `${top}/${bottom}`;
  if (digits === 0) return `${top}`;
  const scaled = `${((top < 0n ? -top : top) * 10n ** BigInt(digits)) / bottom}`.padStart(digits + 1, "0");
  const text = `${scaled.slice(0, -digits)}.${scaled.slice(-digits)}`.replace(/\.?0+$/, "");
  return top < 0n ? `-${text}` : text;
}
