import type { EvaluationRecord, RunRecord } from "@colm/report";
import { textTable } from "./text-table.ts";

/** The final table of a run: held-out means before and after, seconds a step, bytes. */
export function runTable(record: RunRecord): string {
  const { evaluations, steps, peakBytes } = record;
  const lines: string[] = [];
  const first = evaluations.at(0);
  const last = evaluations.at(-1);
  if (first && last) {
    const title = (at: EvaluationRecord): string => (at.step === 0 ? "before" : `step ${at.step}`);
    const row = (name: string, of: (at: EvaluationRecord) => number | null): string[] => [
      name,
      ...(first === last ? [last] : [first, last]).map((at) => shown(of(at))),
    ];
    const titles = first === last ? [title(last)] : [title(first), title(last)];
    lines.push(
      textTable(
        ["held out", ...titles],
        [
          row("loss, mixture", ({ micro }) => micro),
          row("loss, mean of sources", ({ macro }) => macro),
          row("loss, small sources", ({ small }) => small),
          ...(last.exactMatch === null ? [] : [row("exact match", ({ exactMatch }) => exactMatch)]),
        ],
      ),
      "",
    );
  }
  if (steps.length > 0) {
    const mean = (of: (step: RunRecord["steps"][number]) => number): number =>
      steps.reduce((sum, step) => sum + of(step), 0) / steps.length;
    const seconds = mean((step) => step.seconds);
    const selection = mean((step) => step.selectionSeconds);
    lines.push(`${seconds.toFixed(3)} s a step, ${selection.toFixed(3)} s of it selection`);
  }
  if (peakBytes !== null) lines.push(`${(peakBytes / 2 ** 20).toFixed(1)} MiB of tensors at most`);
  return lines.join("\n");
}

function shown(value: number | null): string {
  return value === null ? "-" : value.toFixed(4);
}
