import { plainText } from "./plain-text.ts";

/** HTML or SVG that is complete and escaped. */
export interface Markup {
  readonly markup: string;
}

/** What a template takes: text and numbers are escaped, markup stands as it is, lists one after the other. */
export type Piece = string | number | Markup | readonly Markup[];

/**
 * A template whose values are escaped, so that no text of a record can become a tag or leave an attribute.
 *
 * @returns The markup; values belong between tags or inside double quotes.
 */
export function html(parts: TemplateStringsArray, ...values: readonly Piece[]): Markup {
  const [first, ...rest] = parts;
  return { markup: rest.reduce((text, part, i) => text + render(values[i]) + part, first) };
}

function render(piece: Piece): string {
  if (typeof piece === "string") return escapeText(piece);
  if (typeof piece === "number") return String(piece);
  if ("markup" in piece) return piece.markup;
  return piece.map(({ markup }) => markup).join("");
}

const entities: ReadonlyMap<string, string> = new Map([
  ["&", "&amp;"],
  ["<", "&lt;"],
  [">", "&gt;"],
  ['"', "&quot;"],
  ["'", "&#39;"],
]);

/** Text for HTML and XML alike; characters that XML cannot hold become the replacement character. */
function escapeText(text: string): string {
  return plainText(text).replace(/[&<>"']/g, (character) => entities.get(character) ?? character);
}
