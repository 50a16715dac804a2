import type { RunGroup } from "./groups.ts";
import { lineChart } from "./line-chart.ts";
import { html, type Markup } from "./markup.ts";
import { bucketSize, stepPoints } from "./measured-points.ts";
import type { MatchingRecord } from "./run-record.ts";
import { legend, meanLine, seriesOf } from "./series.ts";

const kinds: readonly { readonly key: keyof MatchingRecord; readonly note: string }[] = [
  { key: "plain", note: "to the plain mean of the pool" },
  { key: "upweighted", note: "to the mean in which small sources weigh as in the choice" },
];

/** How well the chosen examples stood for the pool, over steps: the distance of their means in feature space. */
export function matching(groups: readonly RunGroup[]): Markup {
  const measured = groups.filter(({ runs }) =>
    runs.every(({ steps }) => steps.some((step) => step.matching !== undefined)),
  );
  if (measured.length === 0) {
    return html`<section>
<h2>Matching error</h2>
<p class="quiet">No run recorded how far its choice was from the pool: methods that compare no features have nothing to measure it by.</p>
</section>
`;
  }
  const missing = groups.filter((group) => !measured.includes(group)).map(({ label }) => label);
  const size = bucketSize(measured.flatMap(({ runs }) => runs));
  const charts = kinds.map(({ key, note }) =>
    lineChart({
      title: "Matching error",
      note,
      xLabel: "step",
      yLabel: "relative distance of the means",
      series: measured.map((group) =>
        seriesOf(
          group,
          meanLine(
            group.runs.map((run) => stepPoints(run, "steps", size, (step) => step.matching?.[key] ?? null)),
          ),
        ),
      ),
      dots: false,
    }),
  );
  return html`<section>
<h2>Matching error</h2>
<p>|mean of the choice − mean of the pool| / |mean of the pool|, in the features that the run compared. Runs that compare other features cannot be set beside
each other by it.</p>
${legend(measured)}
<div class="pair">${charts}</div>
${missing.length === 0 ? html`` : html`<p class="quiet">Not recorded: ${missing.join(", ")}.</p>`}
</section>
`;
}
