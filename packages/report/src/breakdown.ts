import { type BarChart, barChart, namesOf, type Parts } from "./bar-chart.ts";
import { costTable } from "./costs.ts";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { bytes, byteUnit, seconds } from "./quantity.ts";
import type { RunRecord, StepRecord } from "./run-record.ts";

type Numbers = ReadonlyMap<string, number>;

/** Where the seconds of a step and the bytes go, group by group. */
export function breakdown(groups: readonly RunGroup[]): Markup {
  const measured = partsOf(groups, measuredSeconds);
  const ideal = partsOf(groups, (run) => meanOver(run.steps, ({ ideal: parts }) => parts));
  const longest = [...measured, ...ideal].reduce((most, { parts }) => Math.max(most, sum(parts)), 0);
  const peaks = partsOf(groups, largestStageBytes);
  const memory = partsOf(groups, ({ memory: parts }) =>
    parts === undefined ? null : new Map(Object.entries(parts)),
  );
  const time = {
    groups: groups.length,
    unit: "seconds",
    size: 1,
    show: seconds,
    stacked: true,
    longest,
    names: namesOf([...measured, ...ideal]),
  };
  return html`<section>
<h2>Time and memory</h2>
<div class="pair">
${barChart({ ...time, title: "Seconds of a step, measured", note: "by stage, mean over the steps", rows: measured, otherwise: "No step was made." })}
${barChart({ ...time, title: "Seconds of a step, ideal", note: "arithmetic alone, without padding and transfers, at the best rate seen", rows: ideal, otherwise: "What the arithmetic alone would take was not recorded." })}
${barChart({ ...byteAxis(peaks, false), groups: groups.length, title: "Peak bytes by stage", note: "the most that tensors held at once in any step, weights included", rows: peaks, otherwise: "Peaks by stage were not recorded; the peak of each run is in the first table." })}
${barChart({ ...byteAxis(memory, true), groups: groups.length, title: "Bytes by what they hold", note: "as predicted from shapes, tensors and arrays beside them", rows: memory, otherwise: "What the bytes hold was not recorded." })}
${evaluationChart(groups)}</div>
${costTable(groups)}</section>
`;
}

/** What an evaluation takes, measured and ideal, where some were measured. */
function evaluationChart(groups: readonly RunGroup[]): Markup {
  const rows = partsOf(groups, evaluationSeconds);
  if (rows.length === 0) return html``;
  const axis = { unit: "seconds", size: 1, show: seconds, stacked: false, names: namesOf(rows) };
  const longest = Math.max(...rows.flatMap(({ parts }) => [...parts.values()]));
  return barChart({
    ...axis,
    groups: groups.length,
    title: "Seconds of an evaluation",
    note: "losses of the held-out set, measured and by arithmetic alone, mean over those that were measured",
    rows,
    longest,
    otherwise: "",
  });
}

function evaluationSeconds({ evaluations }: RunRecord): Numbers | null {
  const mean = (values: readonly number[]): number =>
    values.reduce((total, value) => total + value, 0) / values.length;
  const measured = evaluations.flatMap(({ seconds: taken }) => taken ?? []);
  const ideal = evaluations.flatMap(({ idealSeconds }) => idealSeconds ?? []);
  if (measured.length === 0) return null;
  const parts = new Map([["measured", mean(measured)]]);
  return ideal.length === 0 ? parts : parts.set("ideal", mean(ideal));
}

function byteAxis(
  rows: readonly Parts[],
  stacked: boolean,
): Pick<BarChart, "unit" | "size" | "show" | "stacked" | "longest" | "names"> {
  const longest = rows.reduce(
    (most, { parts }) => Math.max(most, stacked ? sum(parts) : Math.max(0, ...parts.values())),
    1,
  );
  return { ...byteUnit(longest), show: bytes, stacked, longest, names: namesOf(rows) };
}

function sum(parts: Numbers): number {
  return [...parts.values()].reduce((total, value) => total + value, 0);
}

/** For each group whose runs all have them, the means of its runs' numbers. */
function partsOf(groups: readonly RunGroup[], of: (run: RunRecord) => Numbers | null): Parts[] {
  return groups.flatMap((group) => {
    const found = group.runs.map(of).filter((parts) => parts !== null);
    return found.length < group.runs.length ? [] : [{ group, parts: meanParts(found) }];
  });
}

function meanParts(all: readonly Numbers[]): Map<string, number> {
  const names = [...new Set(all.flatMap((parts) => [...parts.keys()]))];
  return new Map(
    names.map((name) => [name, all.reduce((total, parts) => total + (parts.get(name) ?? 0), 0) / all.length]),
  );
}

/** Mean seconds of a step by stage; where stages were not recorded, selection and the rest. */
function measuredSeconds({ steps }: RunRecord): Numbers | null {
  if (steps.length === 0) return null;
  return (
    meanOver(steps, ({ stages }) => stages) ??
    meanOver(steps, ({ seconds: whole, selectionSeconds }) => ({
      selection: selectionSeconds,
      training: whole - selectionSeconds,
    }))
  );
}

/** The means over the steps that have the numbers; null where fewer than half have them. */
function meanOver(
  steps: readonly StepRecord[],
  of: (step: StepRecord) => { readonly [name: string]: number } | undefined,
): Numbers | null {
  const found = steps.map(of).filter((parts) => parts !== undefined);
  if (found.length === 0 || 2 * found.length < steps.length) return null;
  return meanParts(found.map((parts) => new Map(Object.entries(parts))));
}

/** The bytes of each stage in the step where it held the most; null where no step has any. */
function largestStageBytes({ steps }: RunRecord): Numbers | null {
  const largest = new Map<string, number>();
  for (const { stageBytes = {} } of steps) {
    for (const [name, value] of Object.entries(stageBytes)) {
      largest.set(name, Math.max(largest.get(name) ?? 0, value));
    }
  }
  return largest.size === 0 ? null : largest;
}
