import type { Estimate, GroupComparison, PairedDifference } from "@colm/report";
import { textTable } from "../text-table.ts";

interface Column {
  readonly key: "micro" | "macro" | "small" | "exactMatch" | "stepSeconds" | "peakBytes";
  readonly title: string;
  readonly show: (value: number) => string;
}

const columns: readonly Column[] = [
  { key: "micro", title: "loss micro", show: (value) => value.toFixed(4) },
  { key: "macro", title: "macro", show: (value) => value.toFixed(4) },
  { key: "small", title: "small", show: (value) => value.toFixed(4) },
  { key: "exactMatch", title: "exact %", show: (value) => (100 * value).toFixed(1) },
  { key: "stepSeconds", title: "s/step", show: (value) => value.toFixed(3) },
  { key: "peakBytes", title: "peak MB", show: (value) => (value / 1e6).toFixed(1) },
];

const FRONT =
  "* no other is at least as good in macro loss, seconds a step and peak bytes, and better in one.";

/**
 * Groups of runs as a table: mean ± standard deviation over seeds, and below it the differences to the baseline, seed by seed.
 *
 * @param groups - From `compareGroups`.
 * @param baseline - Its label; undefined where there is none.
 * @returns Lines joined by newlines.
 */
export function groupTable(groups: readonly GroupComparison[], baseline: string | undefined): string {
  const hasFront = groups.some(({ onParetoFront }) => onParetoFront === false);
  const means = textTable(
    ["held out", "seeds", ...columns.map(({ title }) => title)],
    groups.map(({ label, seeds, measures, onParetoFront }) => [
      onParetoFront === true && hasFront ? `${label} *` : label,
      String(seeds.length),
      ...columns.map(({ key, show }) => estimateText(measures[key], show)),
    ]),
  );
  const notes = [...(hasFront ? ["", FRONT] : []), ...everyWeight(groups)];
  const compared = groups.filter(({ differences }) => differences !== null);
  if (compared.length === 0) return [means, ...notes].join("\n");
  const differences = textTable(
    [`minus ${baseline ?? "the baseline"}`, "seeds", ...columns.map(({ title }) => title)],
    compared.map(({ label, differences: found }) => [
      label,
      String(found?.macro?.seeds ?? found?.stepSeconds?.seeds ?? 0),
      ...columns.map(({ key, show }) => differenceText(found?.[key] ?? null, show)),
    ]),
  );
  const spread = "± standard deviation over seeds; (k) lower on k seeds. Differences are taken seed by seed.";
  return [means, "", differences, "", spread, ...notes].join("\n");
}

/** The reference that an adapter saves against, where it was predicted. */
function everyWeight(groups: readonly GroupComparison[]): string[] {
  const known = groups.flatMap(({ measures }) => {
    const { everyWeightBytes, predictedBytes } = measures;
    return everyWeightBytes === null || predictedBytes === null ? [] : [{ everyWeightBytes, predictedBytes }];
  });
  if (known.length === 0) return [];
  const shown = (of: (one: (typeof known)[number]) => Estimate): string => {
    const values = known.map((one) => of(one).mean / 1e6);
    const [low, high] = [Math.min(...values).toFixed(1), Math.max(...values).toFixed(1)];
    return low === high ? `${low} MB` : `${low} to ${high} MB`;
  };
  const [own, all] = [shown((one) => one.predictedBytes), shown((one) => one.everyWeightBytes)];
  return ["", `Memory predicted from shapes: ${own} as run, ${all} with every weight trained.`];
}

function estimateText(value: Estimate | null, show: Column["show"]): string {
  if (value === null) return "-";
  return value.deviation === null ? show(value.mean) : `${show(value.mean)} ± ${show(value.deviation)}`;
}

function differenceText(value: PairedDifference | null, show: Column["show"]): string {
  if (value === null) return "-";
  const sign = value.mean > 0 ? "+" : "";
  const spread = value.deviation === null ? "" : ` ± ${show(value.deviation)}`;
  return `${sign}${show(value.mean)}${spread} (${value.lower})`;
}
