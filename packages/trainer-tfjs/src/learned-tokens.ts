import { type Example, IGNORED } from "@colm/data";

/** Tokens of an example that are learned: with a label, and not the first. */
export function learnedTokens({ labels }: Pick<Example, "labels">): number {
  let count = 0;
  for (let t = 1; t < labels.length; t++) if (labels[t] !== IGNORED) count++;
  return count;
}
