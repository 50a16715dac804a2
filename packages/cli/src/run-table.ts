import type { EvaluationRecord, RunRecord } from "@colm/report";
import { textTable } from "./text-table.ts";

/** The final table of a run: held-out means before and after, seconds a step, bytes. */
export function runTable(record: RunRecord): string {
  const { evaluations, steps, peakBytes, processBytes, everyWeightBytes, memory } = record;
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
    const longest = steps.reduce((most, { selectionSeconds }) => Math.max(most, selectionSeconds), 0);
    const most = longest > 0 ? ` (${longest.toFixed(3)} s at most)` : "";
    lines.push(`${seconds.toFixed(3)} s a step, ${selection.toFixed(3)} s of it selection${most}`);
  }
  const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
  if (peakBytes !== null) lines.push(`${mebibytes(peakBytes)} of tensors at most`);
  if (processBytes !== undefined) {
    const { heap, resident } = processBytes;
    lines.push(`process: ${mebibytes(resident)} resident at most, heap ${mebibytes(heap)}`);
  }
  if (everyWeightBytes !== undefined && memory !== undefined) {
    const own = Object.values(memory).reduce((sum, bytes) => sum + bytes, 0);
    lines.push(`predicted ${mebibytes(own)}; ${mebibytes(everyWeightBytes)} with every weight trained`);
  }
  lines.push(...checkLine(record));
  return lines.join("\n");
}

/** Means of what `--check-features` found. */
function checkLine({ steps }: RunRecord): string[] {
  const checks = steps.flatMap(({ check }) => check ?? []);
  if (checks.length === 0) return [];
  const mean = (of: (check: (typeof checks)[number]) => number | null): string => {
    const values = checks.map(of).filter((value) => value !== null);
    return values.length === 0
      ? "-"
      : (values.reduce((sum, value) => sum + value, 0) / values.length).toFixed(2);
  };
  const parts = [
    `cosine ${mean(({ cosine }) => cosine)}`,
    `Spearman ${mean(({ spearman }) => spearman)}`,
    `overlap of the choice ${mean(({ overlap }) => overlap)}`,
  ];
  return [`features beside exact gradients, ${checks.length} checks: ${parts.join(", ")}`];
}

function shown(value: number | null): string {
  return value === null ? "-" : value.toFixed(4);
}
