import { areaY, dot, lineY } from "@observablehq/plot";
import { html, type Markup } from "./markup.ts";
import { plainText } from "./plain-text.ts";
import { colour, plotChart } from "./plot-chart.ts";
import type { Series } from "./series.ts";

/** What a chart says. */
export interface LineChart {
  readonly title: string;
  readonly note: string;
  readonly xLabel: string;
  readonly yLabel: string;
  readonly series: readonly Series[];
  /** Whether each point gets a dot: for few points. */
  readonly dots: boolean;
  /** Half the size, for many charts beside each other. */
  readonly small?: boolean;
  /** What stands in place of the chart where there is no point. */
  readonly otherwise?: string;
}

/** Dash patterns by `index % 4`: lines are told apart without colours too. */
const dashes = ["none", "7 4", "2 4", "9 4 2 4"];

/** Lines over one pair of axes as a figure; nothing to draw is said in words. */
export function lineChart(chart: LineChart): Markup {
  const isEmpty = chart.series.every((series) => series.points.length === 0);
  return html`<figure>
<figcaption><b>${chart.title}</b> ${chart.note}</figcaption>
${isEmpty ? html`<p class="quiet">${chart.otherwise ?? "Nothing was measured."}</p>` : lines(chart)}
</figure>
`;
}

function lines({ title, xLabel, yLabel, series, dots, small = false }: LineChart): Markup {
  // what is emphasised is drawn last
  const ordered = series.toSorted((a, b) => Number(a.emphasis) - Number(b.emphasis) || a.index - b.index);
  const marks = ordered.flatMap(({ name, index, emphasis, points }) => {
    const shown = points.map((point) => ({
      ...point,
      title: plainText(`${name}: ${Number(point.y.toPrecision(4))} at ${Number(point.x.toPrecision(4))}`),
    }));
    const band = points.some(({ low }) => low !== undefined);
    const strength = (emphasis ? 3 : 1.8) * (small ? 0.7 : 1);
    return [
      ...(band
        ? [areaY(shown, { x: "x", y1: "low", y2: "high", fill: colour(index), fillOpacity: 0.15 })]
        : []),
      lineY(shown, {
        x: "x",
        y: "y",
        z: null,
        stroke: colour(index),
        strokeWidth: strength,
        strokeDasharray: dashes[index % 4],
      }),
      ...(dots
        ? [
            dot(shown, {
              x: "x",
              y: "y",
              r: (emphasis ? 4 : 3) * (small ? 0.6 : 1),
              fill: colour(index),
              stroke: "var(--card)",
              title: "title",
            }),
          ]
        : []),
    ];
  });
  const points = series.flatMap((line) => line.points);
  return plotChart(`${title}: ${yLabel} against ${xLabel}`, {
    ...(small ? { width: 260, height: 150 } : { width: 400, height: 250 }),
    marginLeft: small ? 36 : 46,
    marginRight: 14,
    marginTop: 12,
    marginBottom: small ? 28 : 36,
    x: {
      domain: [0, Math.max(...points.map(({ x }) => x), 1e-9)],
      label: small ? null : xLabel,
      ticks: small ? 3 : 5,
    },
    y: {
      domain: spread(points.flatMap(({ y, low = y, high = y }) => [low, high])),
      label: null,
      grid: true,
      nice: true,
      ticks: small ? 3 : 5,
    },
    marks,
  });
}

/** From the least to the largest value; values closer than a billionth are one, and get room on both sides. */
function spread(values: readonly number[]): [number, number] {
  const low = values.reduce((a, b) => Math.min(a, b), Infinity);
  const high = values.reduce((a, b) => Math.max(a, b), -Infinity);
  const size = Math.max(1, Math.abs(low), Math.abs(high));
  return high - low > 1e-9 * size ? [low, high] : [low - 0.05 * size, high + 0.05 * size];
}
