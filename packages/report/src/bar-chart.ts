import { barX, ruleX } from "@observablehq/plot";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { plainText, shorten } from "./plain-text.ts";
import { colour, plotChart } from "./plot-chart.ts";

/** One group's numbers by name. */
export interface Parts {
  readonly group: RunGroup;
  readonly parts: ReadonlyMap<string, number>;
}

/** What a chart of bars says. */
export interface BarChart {
  readonly title: string;
  readonly note: string;
  readonly rows: readonly Parts[];
  /** The parts, in the order of their colours. */
  readonly names: readonly string[];
  /** How many groups the report has: those without a row are counted below the chart. */
  readonly groups: number;
  /** What a number is shown in, and how much of it one unit is. */
  readonly unit: string;
  readonly size: number;
  readonly show: (value: number) => string;
  /** Whether the parts of a group add up to one bar; else each has a bar of its own. */
  readonly stacked: boolean;
  /** End of the axis, in the numbers' own unit. */
  readonly longest: number;
  /** What stands in place of the chart where no group has anything. */
  readonly otherwise: string;
}

/** All parts that some rows have, in the order in which they appear. */
export function namesOf(rows: readonly Parts[]): string[] {
  return [...new Set(rows.flatMap(({ parts }) => [...parts.keys()]))];
}

/** A bar for each group, divided by parts, or a bar for each part of each group. */
export function barChart(chart: BarChart): Markup {
  const { title, note, rows, names, groups, otherwise } = chart;
  const key = names.map((name, i) => html`<li><i class="swatch c${i % 8}"></i>${name}</li>`);
  const missing = groups - rows.length;
  const absent =
    missing === 0 ? html`` : html`<p class="quiet">Not recorded for ${missing} of ${groups} runs.</p>`;
  const body =
    rows.length === 0
      ? html`<p class="quiet">${otherwise}</p>`
      : html`<ul class="legend">${key}</ul>
${drawing(chart)}${absent}`;
  return html`<figure>
<figcaption><b>${title}</b> ${note}</figcaption>
${body}
</figure>
`;
}

function drawing(chart: BarChart): Markup {
  const { title, rows, names, unit, size, show, stacked, longest } = chart;
  // a line of the drawing for each group, or for each part of each group
  const lines = stacked ? 1 : names.length;
  const bars = rows.flatMap(({ group, parts }, r) => {
    let start = 0;
    return names.map((name, i) => {
      const value = parts.get(name) ?? 0;
      const from = stacked ? start : 0;
      start += value;
      return {
        line: r * lines + (stacked ? 0 : i),
        start: from / size,
        end: (from + value) / size,
        fill: colour(i),
        title: plainText(`${group.label}: ${show(value)} ${name}`),
      };
    });
  });
  return plotChart(`${title}, for each run`, {
    width: 420,
    height: (stacked ? 26 : 16 * lines + 6) * rows.length + 44,
    marginLeft: 128,
    marginRight: 16,
    marginTop: 6,
    marginBottom: 36,
    x: { domain: [0, Math.max(1e-9, longest / size)], label: unit, grid: true, ticks: 5 },
    y: {
      type: "band",
      domain: Array.from({ length: rows.length * lines }, (_, line) => line),
      padding: 0.25,
      label: null,
      tickSize: 0,
      tickFormat: (line: number) =>
        line % lines === 0 ? plainText(shorten(rows[Math.floor(line / lines)].group.label, 19)) : "",
    },
    marks: [barX(bars, { y: "line", x1: "start", x2: "end", fill: "fill", title: "title" }), ruleX([0])],
  });
}
