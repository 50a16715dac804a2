import { html, type Markup } from "./markup.ts";
import { tick } from "./quantity.ts";
import { linearScale, spanScale } from "./scale.ts";

/** One line of a chart. */
export interface Series {
  readonly name: string;
  /** Which colour and dash pattern, from 0. */
  readonly index: number;
  /** Drawn thicker, above the others. */
  readonly emphasis: boolean;
  readonly points: readonly { readonly x: number; readonly y: number }[];
}

/** What a chart says. */
export interface LineChart {
  readonly title: string;
  readonly note: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Whether each point gets a dot: for few points. */
  readonly dots: boolean;
}

const width = 420;
const height = 260;
const left = 46;
const right = width - 14;
const top = 12;
const bottom = height - 40;

/**
 * Lines over one pair of axes as a figure with its legend.
 *
 * @returns The figure; nothing to draw is said in words.
 */
export function lineChart(chart: LineChart): Markup {
  const points = chart.series.flatMap((series) => series.points);
  return html`<figure>
<figcaption><b>${chart.title}</b> ${chart.note}</figcaption>
${legend(chart.series)}
${points.length === 0 ? html`<p class="quiet">Nothing was measured.</p>` : plot(chart)}
</figure>
`;
}

/** Names beside a sample of their line. */
function legend(series: readonly Pick<Series, "name" | "index" | "emphasis">[]): Markup {
  const items = series.map(
    ({ name, index, emphasis }) =>
      html`<li><svg class="key" viewBox="0 0 26 10" aria-hidden="true"><path class="${lineClass(index, emphasis)}" d="M1 5H25"/></svg>${name}</li>`,
  );
  return html`<ul class="legend">${items}</ul>`;
}

function plot({ title, xLabel, yLabel, series, dots }: LineChart): Markup {
  const points = series.flatMap((line) => line.points);
  const x = spanScale(
    points.map((point) => point.x),
    left,
    right,
    5,
  );
  const y = linearScale(
    points.map((point) => point.y),
    bottom,
    top,
    5,
  );
  const rows = y.ticks.map(
    (value) =>
      html`<path class="grid" d="M${left} ${place(y.at(value))}H${right}"/><text class="tick" x="${left - 7}" y="${place(y.at(value) + 4)}" text-anchor="end">${tick(value, y.step)}</text>`,
  );
  const columns = x.ticks.map(
    (value) =>
      html`<path class="axis" d="M${place(x.at(value))} ${bottom}v4"/><text class="tick" x="${place(x.at(value))}" y="${bottom + 17}" text-anchor="middle">${tick(value, x.step)}</text>`,
  );
  const ordered = series.toSorted((a, b) => Number(a.emphasis) - Number(b.emphasis) || a.index - b.index);
  const lines = ordered.map((line) => {
    const at = line.points.map((point) => `${place(x.at(point.x))} ${place(y.at(point.y))}`);
    const marks = line.points.map(
      (point) =>
        html`<circle class="dot c${line.index % 8}" cx="${place(x.at(point.x))}" cy="${place(y.at(point.y))}" r="${line.emphasis ? 4 : 3}"><title>${line.name}: ${point.y.toFixed(3)} at ${tick(point.x, x.step / 10)}</title></circle>`,
    );
    return html`<path class="${lineClass(line.index, line.emphasis)}" d="M${at.join("L")}"><title>${line.name}</title></path>${dots ? marks : []}`;
  });
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${title}: ${yLabel} against ${xLabel}">
${rows}<path class="axis" d="M${left} ${bottom}H${right}"/>${columns}
<text class="label" x="${right}" y="${height - 6}" text-anchor="end">${xLabel}</text>
${lines.filter((_, i) => ordered[i].points.length > 0)}
</svg>`;
}

function lineClass(index: number, emphasis: boolean): string {
  return `line c${index % 8} d${index % 4}${emphasis ? " strong" : ""}`;
}

/** A coordinate, to a tenth of a unit. */
function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
