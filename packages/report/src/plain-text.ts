// characters that XML 1.0 excludes: controls, lone surrogates, and two that are no characters
// biome-ignore lint/suspicious/noControlCharactersInRegex: controls are what this looks for
const unfit = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\p{Surrogate}\ufffe\uffff]/gu;

/** Text without the characters that XML cannot hold: each becomes the replacement character. */
export function plainText(text: string): string {
  return text.replace(unfit, "\ufffd");
}

/** A name cut to `most` characters, the last of them an ellipsis. */
export function shorten(name: string, most: number): string {
  const characters = [...name];
  return characters.length > most ? `${characters.slice(0, most - 1).join("")}…` : name;
}
