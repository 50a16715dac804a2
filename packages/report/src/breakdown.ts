import { barX, ruleX } from "@observablehq/plot";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { plainText, shorten } from "./plain-text.ts";
import { colour, plotChart } from "./plot-chart.ts";
import { bytes, byteUnit, seconds } from "./quantity.ts";
import type { RunRecord } from "./run-record.ts";

/** One group's parts: a bar, divided. */
interface Parts {
  readonly group: RunGroup;
  readonly parts: ReadonlyMap<string, number>;
}

/** Where the seconds of a step and the bytes go, group by group. */
export function breakdown(groups: readonly RunGroup[]): Markup {
  const time = groups.flatMap((group) => {
    const parts = meanParts(group.runs, stepSeconds);
    return parts === null ? [] : [{ group, parts }];
  });
  const memory = groups.flatMap((group) => {
    const parts = meanParts(group.runs, largestBytes);
    return parts === null ? [] : [{ group, parts }];
  });
  return html`<section>
<h2>Time and memory</h2>
<div class="pair">
${bars("Seconds of a step", "by stage, mean over the steps", time, "second", seconds, 1, "No step was made.")}
${memoryBars(memory)}
</div>
${missingNote(groups, memory)}</section>
`;
}

/** The means over runs of what each has; null where a run has nothing. */
function meanParts(
  runs: readonly RunRecord[],
  of: (run: RunRecord) => ReadonlyMap<string, number> | null,
): Map<string, number> | null {
  const found = runs.map(of).filter((parts) => parts !== null);
  if (found.length < runs.length) return null;
  const names = [...new Set(found.flatMap((parts) => [...parts.keys()]))];
  return new Map(
    names.map((name) => [name, found.reduce((sum, parts) => sum + (parts.get(name) ?? 0), 0) / found.length]),
  );
}

/** Mean seconds of a step by stage; where stages were not recorded, selection and the rest. */
function stepSeconds({ steps }: RunRecord): Map<string, number> | null {
  if (steps.length === 0) return null;
  const isStaged = steps.every(({ stages }) => stages !== undefined);
  const sums = new Map<string, number>();
  for (const { stages, seconds: whole, selectionSeconds } of steps) {
    const parts =
      isStaged && stages !== undefined
        ? Object.entries(stages)
        : Object.entries({ selection: selectionSeconds, training: whole - selectionSeconds });
    for (const [name, value] of parts) sums.set(name, (sums.get(name) ?? 0) + value / steps.length);
  }
  return sums;
}

/** The bytes of each part in the step where it had the most; null where no step has any. */
function largestBytes({ steps }: RunRecord): Map<string, number> | null {
  const largest = new Map<string, number>();
  for (const { bytes: parts = {} } of steps) {
    for (const [name, value] of Object.entries(parts)) {
      largest.set(name, Math.max(largest.get(name) ?? 0, value));
    }
  }
  return largest.size === 0 ? null : largest;
}

function memoryBars(memory: readonly Parts[]): Markup {
  const most = memory.reduce((a, { parts }) => Math.max(a, ...parts.values()), 1);
  const { unit, size } = byteUnit(most);
  return bars(
    "Bytes",
    "by what they hold, each at its largest; the peak in the first table is of all together",
    memory,
    unit,
    bytes,
    size,
    "What the bytes hold was not recorded; the peak is in the first table.",
  );
}

function missingNote(groups: readonly RunGroup[], memory: readonly Parts[]): Markup {
  if (memory.length === 0) return html``;
  const missing = groups.filter((group) => memory.every((parts) => parts.group !== group));
  if (missing.length === 0) return html``;
  return html`<p class="quiet">Bytes by what they hold were not recorded for ${missing.map(({ label }) => label).join(", ")}.</p>
`;
}

function bars(
  title: string,
  note: string,
  rows: readonly Parts[],
  unit: string,
  show: (value: number) => string,
  size: number,
  otherwise: string,
): Markup {
  const names = [...new Set(rows.flatMap(({ parts }) => [...parts.keys()]))];
  const key = names.map((name, i) => html`<li><i class="swatch c${i % 8}"></i>${name}</li>`);
  const body =
    rows.length === 0
      ? html`<p class="quiet">${otherwise}</p>`
      : html`<ul class="legend">${key}</ul>
${stack(title, rows, names, unit, show, size)}`;
  return html`<figure>
<figcaption><b>${title}</b> ${note}</figcaption>
${body}
</figure>
`;
}

function stack(
  title: string,
  rows: readonly Parts[],
  names: readonly string[],
  unit: string,
  show: (value: number) => string,
  size: number,
): Markup {
  const marks = names.map((name, i) => {
    const shown = rows.map(({ group, parts }, place) => {
      const start = names.slice(0, i).reduce((sum, before) => sum + (parts.get(before) ?? 0), 0);
      const value = parts.get(name) ?? 0;
      return {
        place,
        start: start / size,
        end: (start + value) / size,
        title: plainText(`${group.label}: ${show(value)} ${name}`),
      };
    });
    return barX(shown, {
      y: "place",
      x1: "start",
      x2: "end",
      fill: colour(i),
      title: "title",
      insetTop: 3,
      insetBottom: 3,
    });
  });
  const whole = rows.map(({ parts }) => [...parts.values()].reduce((a, b) => a + b, 0) / size);
  return plotChart(`${title} by part for each run`, {
    width: 420,
    height: 26 * rows.length + 44,
    marginLeft: 128,
    marginRight: 16,
    marginTop: 6,
    marginBottom: 36,
    x: { domain: [0, Math.max(1e-9, ...whole)], label: unit, grid: true, ticks: 5 },
    y: {
      type: "band",
      domain: rows.map((_, place) => place),
      label: null,
      tickSize: 0,
      tickFormat: (place: number) => plainText(shorten(rows[place].group.label, 19)),
    },
    marks: [...marks, ruleX([0])],
  });
}
