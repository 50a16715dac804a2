import { dot, ruleY, tickX } from "@observablehq/plot";
import type { RunGroup } from "./groups.ts";
import type { Markup } from "./markup.ts";
import { plainText, shorten } from "./plain-text.ts";
import { colour, plotChart } from "./plot-chart.ts";
import { percent } from "./quantity.ts";
import type { SourceRow } from "./source-rows.ts";

/** Shares that are labelled, as far as they are needed. */
const labelled = [0, 0.01, 0.05, 0.1, 0.2, 0.4, 0.6, 0.8, 1];

/**
 * For every source a row of dots, one for each group, against a bar at its share of the mixture. The axis is the square root of the share:
 * 1 % and 60 % are both readable.
 */
export function shareChart(rows: readonly SourceRow[], groups: readonly RunGroup[]): Markup {
  const pitch = 14 + 5 * groups.length;
  const largest = rows.reduce(
    (most, row) => Math.max(most, row.mixture, ...row.picked.map((share) => share ?? 0)),
    0.01,
  );
  const top = largest * 1.08;
  const places = rows.map((_, i) => i);
  const bars = rows.map(({ source, mixture }, place) => ({
    place,
    share: mixture,
    title: plainText(`${source}: ${percent(mixture)} of the mixture`),
  }));
  const dots = groups.map(({ label, index }, g) => {
    const shares = rows.flatMap(({ source, picked }, place) => {
      const share = picked[g];
      return share === null
        ? []
        : [{ place, share, title: plainText(`${label}: ${percent(share)} of ${source}`) }];
    });
    return dot(shares, {
      x: "share",
      y: "place",
      dy: 5 * (g - (groups.length - 1) / 2),
      r: 3.4,
      fill: colour(index),
      stroke: "var(--card)",
      title: "title",
    });
  });
  return plotChart("Share of each source in the mixture and in what each run trained on", {
    width: 420,
    height: pitch * rows.length + 44,
    marginLeft: 128,
    marginRight: 16,
    marginTop: 6,
    marginBottom: 36,
    x: {
      type: "sqrt",
      domain: [0, top],
      ticks: labelled.filter((share) => share <= top),
      tickFormat: (share: number) => `${Math.round(100 * share)} %`,
      grid: true,
      label: "share",
    },
    y: {
      type: "band",
      domain: places,
      label: null,
      tickSize: 0,
      tickFormat: (place: number) =>
        plainText(`${shorten(rows[place].source, 17)}${rows[place].small ? "\u00a0◦" : ""}`),
    },
    marks: [
      ruleY(places.slice(1), { stroke: "var(--rule)", dy: -pitch / 2 }),
      tickX(bars, {
        x: "share",
        y: "place",
        stroke: "var(--quiet)",
        strokeWidth: 3,
        strokeOpacity: 0.55,
        title: "title",
      }),
      ...dots,
    ],
  });
}
