import type { Io } from "./io.ts";
import type { Output } from "./progress.ts";

/** Text in colours of the terminal. */
export interface Paint {
  strong(text: string): string;
  good(text: string): string;
  bad(text: string): string;
  quiet(text: string): string;
}

/** Colours on a terminal that may have them; elsewhere text stays as it is. */
export function paint({ color }: Pick<Io, "color">, output: Output): Paint {
  const coloured = color === true && output.isTTY === true;
  const within = (code: number) => (text: string) => (coloured ? `\u001b[${code}m${text}\u001b[0m` : text);
  return { strong: within(1), good: within(32), bad: within(31), quiet: within(2) };
}
