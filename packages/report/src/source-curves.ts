import type { RunGroup } from "./groups.ts";
import { lineChart } from "./line-chart.ts";
import { html, type Markup } from "./markup.ts";
import { bucketSize, evaluationPoints, stepPoints } from "./measured-points.ts";
import { percent } from "./quantity.ts";
import type { Series } from "./series.ts";
import { legend, meanLine, seriesOf } from "./series.ts";
import type { SourceRow } from "./source-rows.ts";

/** For every source a small chart of held-out loss over steps, and one of its share of the examples trained on. */
export function sourceCurves(rows: readonly SourceRow[], groups: readonly RunGroup[]): Markup {
  const size = bucketSize(groups.flatMap(({ runs }) => runs));
  const losses = rows.map(({ source, small, mixture }) =>
    lineChart({
      title: source,
      note: `${percent(mixture)} of the mixture${small ? ", small" : ""}`,
      xLabel: "step",
      yLabel: `held-out loss of ${source}`,
      series: lossSeries(source, groups),
      dots: true,
      small: true,
      otherwise: "No held-out example.",
    }),
  );
  const shares = rows.map(({ source, small, mixture }) =>
    lineChart({
      title: source,
      note: `${percent(mixture)} of the mixture${small ? ", small" : ""}`,
      xLabel: "step",
      yLabel: `percent of the examples trained on that are ${source}`,
      series: groups.map((group) => {
        const lines = group.runs.map((run) =>
          stepPoints(run, "steps", size, ({ picked }) => {
            const total = Object.values(picked).reduce((sum, count) => sum + count, 0);
            return total === 0 ? null : (100 * (Object.hasOwn(picked, source) ? picked[source] : 0)) / total;
          }),
        );
        return seriesOf(group, meanLine(lines));
      }),
      dots: false,
      small: true,
      otherwise: "Nothing was trained on.",
    }),
  );
  return html`<h3>Held-out loss of each source over steps</h3>
${legend(groups)}
<div class="many">${losses}</div>
<details><summary>Share of each source in the examples trained on, in percent, over steps</summary>
${legend(groups)}
<div class="many">${shares}</div>
</details>
`;
}

function lossSeries(source: string, groups: readonly RunGroup[]): Series[] {
  return groups.map((group) => {
    const lines = group.runs.map((run) =>
      evaluationPoints(run, "steps", ({ perSource }) =>
        Object.hasOwn(perSource, source) ? perSource[source] : null,
      ),
    );
    return seriesOf(group, meanLine(lines));
  });
}
