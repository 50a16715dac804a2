import type { ChoiceEvaluation, Evaluation, LossEvaluation } from "@colm/trainer-tfjs";
import { textTable } from "./text-table.ts";

/** What `colm evaluate` measures on rows of `--data`. */
export interface HeldOutMeans {
  readonly means: LossEvaluation;
  /** Teacher-forced. */
  readonly matches: Evaluation;
  /** Generated, where it was asked for. */
  readonly answers: Evaluation | undefined;
}

/** Losses, perplexities and exact matches by source, and the means. */
export function heldOutTable({ means, matches, answers }: HeldOutMeans): string {
  const { losses, perplexity, tokens } = means;
  const columns = [losses, perplexity, matches, ...(answers === undefined ? [] : [answers])];
  const sum = (counts: readonly number[]): string => String(counts.reduce((all, count) => all + count, 0));
  const row = (
    name: string,
    examples: string,
    count: string,
    of: (column: Evaluation) => number,
  ): string[] => [name, examples, count, ...columns.map((column) => shown(of(column)))];
  return textTable(
    ["source", "examples", "tokens", "loss", "perplexity", "exact match", ...(answers ? ["answers"] : [])],
    [
      ...losses.sources.map(({ name, examples }, s) =>
        row(name, String(examples), String(tokens[s]), ({ sources }) => sources[s].mean),
      ),
      row("mixture", sum(losses.sources.map(({ examples }) => examples)), sum(tokens), ({ micro }) => micro),
      row("mean of sources", "", "", ({ macro }) => macro),
      row("small sources", "", "", ({ small }) => small),
    ],
  );
}

/** Accuracies of multiple choice by source, and the means. */
export function choicesTable({ bySum, byLength }: ChoiceEvaluation): string {
  const row = (name: string, questions: string, of: (column: Evaluation) => number): string[] => [
    name,
    questions,
    shown(of(bySum)),
    shown(of(byLength)),
  ];
  const all = bySum.sources.reduce((sum, { examples }) => sum + examples, 0);
  return textTable(
    ["source", "questions", "accuracy", "per character"],
    [
      ...bySum.sources.map(({ name, examples }, s) =>
        row(name, String(examples), ({ sources }) => sources[s].mean),
      ),
      row("mixture", String(all), ({ micro }) => micro),
      row("mean of sources", "", ({ macro }) => macro),
      row("small sources", "", ({ small }) => small),
    ],
  );
}

function shown(mean: number): string {
  return Number.isNaN(mean) ? "-" : mean.toFixed(4);
}
