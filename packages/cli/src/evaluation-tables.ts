import type { AnswerEvaluation, Evaluation, LossEvaluation } from "@colm/trainer-tfjs";
import { textTable } from "./text-table.ts";

/** What `colm evaluate` measures on held-out rows. */
export interface HeldOutMeans extends LossEvaluation {
  /** Exact matches, teacher-forced; not of packed chunks. */
  readonly matches?: Evaluation;
  /** Answers that were written and compared, where it was asked for. */
  readonly generated?: AnswerEvaluation;
}

/** Losses, perplexities and exact matches by source, and their means. */
export function heldOutTable({ losses, perplexity, tokens, matches, generated }: HeldOutMeans): string {
  const columns = [losses, perplexity, ...(matches ? [matches] : []), ...(generated ? [generated] : [])];
  const sum = (counts: readonly number[]): string => String(counts.reduce((all, count) => all + count, 0));
  const row = (
    name: string,
    examples: string,
    count: string,
    of: (column: Evaluation) => number,
  ): string[] => [name, examples, count, ...columns.map((column) => shown(of(column)))];
  const titles = [
    ...["source", "examples", "tokens", "loss", "perplexity"],
    ...(matches ? ["exact match"] : []),
    ...(generated ? ["generated"] : []),
  ];
  return textTable(titles, [
    ...losses.sources.map(({ name, examples }, s) =>
      row(name, String(examples), String(tokens[s]), ({ sources }) => sources[s].mean),
    ),
    row("mixture", sum(losses.sources.map(({ examples }) => examples)), sum(tokens), ({ micro }) => micro),
    row("mean of sources", "", "", ({ macro }) => macro),
    row("small sources", "", "", ({ small }) => small),
  ]);
}

function shown(mean: number): string {
  return Number.isNaN(mean) ? "-" : mean.toFixed(4);
}
