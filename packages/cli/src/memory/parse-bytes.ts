import { inputError } from "../input-error.ts";

const UNITS: ReadonlyMap<string, number> = new Map([
  ["", 1],
  ["b", 1],
  ...["k", "m", "g", "t"].flatMap((letter, i): [string, number][] => [
    [letter, 1000 ** (i + 1)],
    [`${letter}b`, 1000 ** (i + 1)],
    [`${letter}ib`, 1024 ** (i + 1)],
  ]),
]);

/**
 * Bytes from a text such as `8GB` (8e9), `7.5 GiB` (7.5 · 2^30) or `500000`.
 *
 * @throws {Error} If it is no size above 0. One line, for the user.
 */
export function parseBytes(option: string, text: string): number {
  const match = /^\s*(\d+(?:\.\d+)?(?:e\d+)?)\s*([a-z]*)\s*$/i.exec(text);
  const unit = match === null ? undefined : UNITS.get(match[2].toLowerCase());
  const bytes = match === null || unit === undefined ? Number.NaN : Number(match[1]) * unit;
  if (Number.isFinite(bytes) && bytes >= 1) return Math.floor(bytes);
  throw inputError(`${option} must be a size such as 8GB or 7.5GiB, got "${text}"`);
}
