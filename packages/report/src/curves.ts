import { isSelecting } from "./controls.ts";
import { lineChart, type Series } from "./line-chart.ts";
import { html, type Markup } from "./markup.ts";
import { loss } from "./quantity.ts";
import type { RunRecord } from "./run-record.ts";

/** At most so many points on a line of training losses. */
const buckets = 40;

/** Held-out and training loss of all runs, over steps and over seconds. */
export function curves(runs: readonly RunRecord[]): Markup {
  const longest = runs.reduce((most, run) => Math.max(most, run.steps.length), 0);
  const size = Math.max(1, Math.ceil(longest / buckets));
  const heldOut = "held-out loss, mean of the sources";
  const before =
    isStartLeftOut(runs) && startLosses(runs) !== "" ? `; ${startLosses(runs)} before training` : "";
  const training = "training loss";
  const each = size === 1 ? "each step" : `means of ${size} steps`;
  return html`<section>
<h2>Loss</h2>
<div class="pair">
${lineChart({ title: "Held-out loss over steps", note: `macro, nats${before}`, xLabel: "step", yLabel: heldOut, series: heldOutSeries(runs, "steps"), dots: true })}
${lineChart({ title: "Held-out loss over seconds", note: `macro, nats${before}; time of evaluations not counted`, xLabel: "seconds", yLabel: heldOut, series: heldOutSeries(runs, "seconds"), dots: true })}
${lineChart({ title: "Training loss over steps", note: each, xLabel: "step", yLabel: training, series: trainingSeries(runs, size, "steps"), dots: false })}
${lineChart({ title: "Training loss over seconds", note: each, xLabel: "seconds", yLabel: training, series: trainingSeries(runs, size, "seconds"), dots: false })}
</div>
<p class="quiet">A training loss is taken over the examples that the run itself chose: it shows whether a run is stable, and cannot be compared between
methods. Held-out losses can.</p>
</section>
`;
}

function heldOutSeries(runs: readonly RunRecord[], over: "steps" | "seconds"): Series[] {
  return runs.map((run, index) => {
    const x = positions(run, over);
    const drawn = isStartLeftOut(runs) ? run.evaluations.filter(({ step }) => step > 0) : run.evaluations;
    const points = drawn.map(({ step, macro }) => ({ x: x.get(step) ?? 0, y: macro }));
    return { name: run.name, index, emphasis: isSelecting(run), points };
  });
}

/** The fall from the untrained model would flatten what is to be compared: it is said in words where every run has two later points. */
function isStartLeftOut(runs: readonly RunRecord[]): boolean {
  return runs.every((run) => run.evaluations.filter(({ step }) => step > 0).length >= 2);
}

function startLosses(runs: readonly RunRecord[]): string {
  const starts = runs.flatMap((run) => run.evaluations.filter(({ step }) => step === 0));
  return [...new Set(starts.map(({ macro }) => loss(macro)))].join(" or ");
}

function trainingSeries(runs: readonly RunRecord[], size: number, over: "steps" | "seconds"): Series[] {
  return runs.map((run, index) => {
    const x = positions(run, over);
    const points: { x: number; y: number }[] = [];
    for (let start = 0; start < run.steps.length; start += size) {
      const bucket = run.steps.slice(start, start + size);
      const mean = bucket.reduce((sum, step) => sum + step.loss, 0) / bucket.length;
      points.push({ x: x.get(bucket[bucket.length - 1].step) ?? 0, y: mean });
    }
    return { name: run.name, index, emphasis: isSelecting(run), points };
  });
}

/** Where each step stands on the axis: its own number, or the seconds trained until it was done. */
function positions(run: RunRecord, over: "steps" | "seconds"): Map<number, number> {
  const at = new Map([[0, 0]]);
  let seconds = 0;
  for (const step of run.steps) {
    seconds += step.seconds;
    at.set(step.step, over === "steps" ? step.step : seconds);
  }
  return at;
}
