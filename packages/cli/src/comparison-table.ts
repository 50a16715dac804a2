import type { EvaluationRecord, RunRecord } from "@colm/report";
import { textTable } from "./text-table.ts";

/** The last evaluation and the means over steps of one run, as numbers to compare; null where nothing was measured. */
type Row = readonly (number | null)[];

interface Column {
  readonly title: string;
  readonly show: (value: number) => string;
  /** Which end of the column is the better one. */
  readonly best: (...values: number[]) => number;
}

const loss = (title: string): Column => ({ title, show: (value) => value.toFixed(4), best: Math.min });
const seconds = (title: string): Column => ({ title, show: (value) => value.toFixed(3), best: Math.min });

const columns: readonly Column[] = [
  loss("loss micro"),
  loss("macro"),
  loss("small"),
  { title: "exact match", show: (value) => `${(100 * value).toFixed(1)} %`, best: Math.max },
  seconds("s/step"),
  seconds("selection"),
  { title: "peak tensors", show: (value) => `${(value / 1e6).toFixed(1)} MB`, best: Math.min },
];

/**
 * The table of a comparison: the base model, then a row for each run, the best run of each column marked `*`.
 *
 * @param records - At least one; the first evaluation of each is that of the base model.
 * @returns Lines joined by newlines.
 */
export function comparisonTable(records: readonly RunRecord[]): string {
  const base = heldOut(records[0].evaluations.at(0));
  const rows = records.map((record): Row => {
    const selection = meanOver(record, (step) => step.selectionSeconds);
    const whole = meanOver(record, (step) => step.seconds);
    return [...heldOut(record.evaluations.at(-1)), whole - selection, selection, record.peakBytes];
  });
  const best = columns.map((column, j) => column.best(...rows.flatMap((row) => row[j] ?? [])));
  const cells = (row: Row): string[] =>
    columns.map(({ show }, j) => {
      const value = row[j] ?? null;
      if (value === null) return "- ";
      // runs that print the same are level
      const star = rows.includes(row) && show(value) === show(best[j]);
      return `${show(value)}${star ? "*" : " "}`;
    });
  return [
    textTable(
      ["held out", ...columns.map(({ title }) => `${title} `)],
      [["base model", ...cells(base)], ...records.map(({ name }, i) => [name, ...cells(rows[i])])],
    ),
    "",
    "* best of the runs. micro: mean over the mixture, macro: mean of the sources, small: mean of the small sources, in nats.",
    "s/step: forward, backward and optimizer; selection: choosing the examples, on top.",
  ].join("\n");
}

function heldOut(evaluation: EvaluationRecord | undefined): Row {
  if (evaluation === undefined) return [null, null, null, null];
  const { micro, macro, small, exactMatch } = evaluation;
  return [micro, macro, small, exactMatch];
}

function meanOver({ steps }: RunRecord, value: (step: RunRecord["steps"][number]) => number): number {
  return steps.reduce((sum, step) => sum + value(step), 0) / steps.length;
}
