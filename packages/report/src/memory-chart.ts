import { dot, ruleX } from "@observablehq/plot";
import { isSelecting } from "./controls.ts";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { plainText } from "./plain-text.ts";
import { colour, plotChart } from "./plot-chart.ts";
import { bytes, byteUnit, loss, percent } from "./quantity.ts";
import { type Summary, summarize } from "./summary.ts";

interface Reach {
  readonly title: string;
  readonly note: string;
  readonly show: (value: number) => string;
  /** Of the vertical axis. */
  readonly scale: number;
}

const reaches: { readonly macro: Reach; readonly exactMatch: Reach } = {
  macro: {
    title: "Held-out loss over peak memory",
    note: "macro, nats, at the end of each run",
    show: loss,
    scale: 1,
  },
  exactMatch: {
    title: "Exact answers over peak memory",
    note: "% of the held-out answers, at the end of each run",
    show: percent,
    scale: 100,
  },
};

/** Shapes by the group's place, so that dots are told apart without colours too. */
const symbols = ["circle", "square", "triangle", "diamond", "star", "cross", "wye", "hexagon"] as const;

/** A dot for each group: what it reached in the end, against the most tensor bytes that it held at once. */
export function memoryChart(groups: readonly RunGroup[], key: keyof typeof reaches): Markup {
  const { title, note, show, scale } = reaches[key];
  const summaries = groups.map(summarize);
  const reached = summaries.flatMap((summary) => {
    const [y, x] = [summary[key], summary.peakBytes];
    return y === null || x === null ? [] : [point(summary, x.mean, y.mean, y.deviation, show, scale)];
  });
  return html`<figure>
<figcaption><b>${title}</b> ${note}</figcaption>
${reached.length === 0 ? html`<p class="quiet">${absence(summaries)}</p>` : drawing(title, reached)}
</figure>
`;
}

interface Reached {
  readonly x: number;
  readonly y: number;
  readonly spread: number;
  readonly index: number;
  readonly strong: boolean;
  readonly title: string;
}

function point(
  { group }: Summary,
  x: number,
  y: number,
  deviation: number | null,
  show: (value: number) => string,
  scale: number,
): Reached {
  const { label, index, runs } = group;
  return {
    x,
    y: y * scale,
    spread: (deviation ?? 0) * scale,
    index,
    strong: isSelecting(runs[0]),
    title: plainText(`${label}: ${show(y)} with ${bytes(x)}`),
  };
}

function drawing(title: string, reached: readonly Reached[]): Markup {
  const most = reached.reduce((a, { x }) => Math.max(a, x), 1);
  const { unit, size } = byteUnit(most);
  const low = reached.reduce((a, { y, spread }) => Math.min(a, y - spread), Infinity);
  const high = reached.reduce((a, { y, spread }) => Math.max(a, y + spread), -Infinity);
  const room = Math.max(0.12 * (high - low), 1e-6 * Math.max(1, Math.abs(high)));
  const marks = reached.flatMap(({ x, y, spread, index, strong, title: words }) => {
    const at = [{ x: x / size, y, low: y - spread, high: y + spread, words }];
    const stroke = colour(index);
    return [
      ...(spread > 0 ? [ruleX(at, { x: "x", y1: "low", y2: "high", stroke })] : []),
      dot(at, {
        x: "x",
        y: "y",
        symbol: symbols[index % symbols.length],
        r: strong ? 6 : 5,
        fill: stroke,
        stroke: "var(--card)",
        title: "words",
      }),
    ];
  });
  return plotChart(`${title}: dots by run`, {
    width: 400,
    height: 250,
    marginLeft: 46,
    marginRight: 14,
    marginTop: 12,
    marginBottom: 36,
    x: { domain: [0, (1.04 * most) / size], label: `largest sum of tensor bytes, ${unit}`, ticks: 5 },
    y: { domain: [low - room, high + room], label: null, grid: true, ticks: 5 },
    marks,
  });
}

function absence(summaries: readonly Summary[]): string {
  return summaries.every(({ peakBytes }) => peakBytes === null)
    ? "Peak memory was not measured."
    : "No run has both a peak of memory and this measure.";
}
