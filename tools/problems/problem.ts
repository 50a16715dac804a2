import type { Draw } from "./draw.ts";

/** A question and its exact answer; a worked answer ends in `= ` and the result. */
export interface Problem {
  readonly instruction: string;
  readonly output: string;
}

/** One kind of problem: the same choices give the same problem. */
export type Kind = (draw: Draw) => Problem;

/** The result at the end of an answer: what exact match compares. */
export function answerOf(output: string): string {
  return output.slice(output.lastIndexOf("= ") + 1).trim();
}
