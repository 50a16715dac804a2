import type { RunGroup } from "./groups.ts";
import { lineChart } from "./line-chart.ts";
import { html, type Markup } from "./markup.ts";
import { type Axis, axisLabels, bucketSize, evaluationPoints, stepPoints } from "./measured-points.ts";
import { memoryChart } from "./memory-chart.ts";
import { loss } from "./quantity.ts";
import type { EvaluationRecord } from "./run-record.ts";
import { legend, meanLine, type Point, type Series, seriesOf } from "./series.ts";

const axes: readonly Axis[] = ["steps", "examples", "seconds"];

/** Held-out loss, exact answers and training loss of all groups, over steps, examples, seconds and peak memory. */
export function curves(groups: readonly RunGroup[]): Markup {
  const runs = groups.flatMap((group) => group.runs);
  const before =
    isStartLeftOut(groups) && startLosses(groups) !== "" ? `; ${startLosses(groups)} before training` : "";
  const size = bucketSize(runs);
  const each = size === 1 ? "each step" : `means of ${size} steps`;
  const bands =
    runs.length > groups.length
      ? html`<p class="quiet">Lines are means over the seeds, bands one standard deviation on each side.</p>`
      : html``;
  const heldOut = axes.map((axis) =>
    lineChart({
      title: `Held-out loss over ${axis}`,
      note: `macro, nats${before}${axis === "seconds" ? "; time of evaluations not counted" : ""}`,
      xLabel: axisLabels[axis],
      yLabel: "held-out loss, mean of the sources",
      series: heldOutSeries(groups, axis, ({ macro }) => macro),
      dots: true,
    }),
  );
  const exact = axes.map((axis) =>
    lineChart({
      title: `Exact answers over ${axis}`,
      note: "% of the held-out answers",
      xLabel: axisLabels[axis],
      yLabel: "exact answers in percent",
      series: heldOutSeries(groups, axis, ({ exactMatch }) => exactMatch && 100 * exactMatch, true),
      dots: true,
      otherwise: "Exact answers were not measured.",
    }),
  );
  const training = axes.map((axis) =>
    lineChart({
      title: `Training loss over ${axis}`,
      note: each,
      xLabel: axisLabels[axis],
      yLabel: "training loss",
      series: groups.map((group) =>
        seriesOf(group, meanLine(group.runs.map((run) => stepPoints(run, axis, size, (step) => step.loss)))),
      ),
      dots: false,
    }),
  );
  return html`<section>
<h2>Loss and accuracy</h2>
${legend(groups)}${bands}
<div class="pair">
${heldOut}${memoryChart(groups, "macro")}
${exact}${memoryChart(groups, "exactMatch")}
${training}
</div>
<p class="quiet">A training loss is taken over the examples that the run itself chose: it shows whether a run is stable, and cannot be compared between
methods. Held-out losses can.</p>
</section>
`;
}

function heldOutSeries(
  groups: readonly RunGroup[],
  axis: Axis,
  value: (evaluation: EvaluationRecord) => number | null,
  withStart = !isStartLeftOut(groups),
): Series[] {
  return groups.map((group) => {
    const lines = group.runs.map(
      (run): ReadonlyMap<number, Point> =>
        new Map([...evaluationPoints(run, axis, value)].filter(([step]) => withStart || step > 0)),
    );
    return seriesOf(group, meanLine(lines));
  });
}

/** The fall from the untrained model would flatten what is to be compared: it is said in words where every run has two later points. */
function isStartLeftOut(groups: readonly RunGroup[]): boolean {
  return groups.every(({ runs }) =>
    runs.every((run) => run.evaluations.filter(({ step }) => step > 0).length >= 2),
  );
}

function startLosses(groups: readonly RunGroup[]): string {
  const runs = groups.flatMap((group) => group.runs);
  const starts = runs.flatMap((run) => run.evaluations.filter(({ step }) => step === 0));
  const values = starts.map(({ macro }) => macro);
  const [low, high] = [Math.min(...values), Math.max(...values)].map(loss);
  if (values.length === 0) return "";
  return low === high ? low : `${low} to ${high}`;
}
