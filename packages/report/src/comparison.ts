import { baselineGroup } from "./compare-groups.ts";
import { type Control, controlsOf, isSelecting } from "./controls.ts";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { type PairedDifference, pairedDifference } from "./paired.ts";
import { absent, loss, percentPoints, signed } from "./quantity.ts";
import type { Estimate } from "./statistics.ts";
import { type Measure, measures, summarize } from "./summary.ts";

/** Every group that selects beside the random runs that it has to beat; controls that were not run are named. */
export function comparisons(groups: readonly RunGroup[]): Markup {
  const selecting = groups.filter(({ runs }) => isSelecting(runs[0]));
  if (selecting.length === 0) return html``;
  return html`<section>
<h2>Against chance</h2>
<p>What selection is worth shows only beside batches drawn at random: of the same size, of the size of the pool, and with the same small sources kept.
Differences are (selection) − (control)${seedNote(groups)}; words say which is better.</p>
${selecting.map((group) => comparison(group, controlsOf(group, groups)))}</section>
`;
}

/** Every group against one that the reader named. */
export function againstBaseline(groups: readonly RunGroup[], baseline: string | undefined): Markup {
  if (baseline === undefined) return html``;
  const reference = baselineGroup("renderReport", groups, baseline);
  const others = groups.filter((group) => group !== reference);
  if (others.length === 0) return html``;
  return html`<section>
<h2>Against ${reference.label}</h2>
<p>Differences are (run) − (${reference.label})${seedNote(groups)}; words say which is better.</p>
${table(
  "run",
  others.map((group) => row(group.label, group, reference)),
)}</section>
`;
}

function seedNote(groups: readonly RunGroup[]): string {
  return groups.some(({ runs }) => runs.length > 1)
    ? ", taken seed by seed: mean ± standard deviation over the seeds that both ran, and on how many of them the first is the better one"
    : "";
}

function comparison(group: RunGroup, controls: readonly Control[]): Markup {
  const found = controls.flatMap(({ group: control, differing }) =>
    control === undefined ? [] : [{ control, differing }],
  );
  const missing = controls.filter((control) => control.group === undefined).map((control) => control.what);
  const note =
    missing.length === 0
      ? html``
      : html`<p class="warning">Not run: ${missing.join(", ")}. Without ${missing.length === 1 ? "it" : "them"} this report cannot tell how much of ${group.label} is owed to its selection.</p>`;
  const unlike = found
    .filter(({ differing }) => differing.length > 0)
    .map(
      ({ control, differing }) =>
        html`<p class="warning">${control.label} was run with other settings: ${differing.join(", ")}.</p>`,
    );
  const apart = found
    .filter(({ control }) => !sharesSeed(group, control))
    .map(
      ({ control }) =>
        html`<p class="warning">${control.label} was run with other seeds: no difference is taken.</p>`,
    );
  if (found.length === 0) return note;
  const rows = found.map(({ control }) => row(control.label, group, control));
  return html`${table(`${group.label} against`, rows)}
${unlike}${apart}${note}`;
}

function sharesSeed(ours: RunGroup, theirs: RunGroup): boolean {
  return ours.runs.some(({ seed }) => theirs.runs.some((other) => other.seed === seed));
}

function table(head: string, rows: readonly Markup[]): Markup {
  return html`<div class="scroll"><table class="words">
<thead><tr><th scope="col">${head}</th><th scope="col">micro</th><th scope="col">macro</th><th scope="col">small</th><th scope="col">exact</th><th scope="col">time per step</th><th scope="col">peak bytes</th></tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

function row(label: string, ours: RunGroup, theirs: RunGroup): Markup {
  const cell = (measure: Measure, show: (value: number) => string): Markup =>
    difference(pairedDifference(ours, theirs, measure), show, measure.lowerIsBetter === true);
  const [a, b] = [summarize(ours), summarize(theirs)];
  return html`<tr><th scope="row">${label}</th>${cell(measures.micro, loss)}${cell(measures.macro, loss)}${cell(measures.small, loss)}${cell(measures.exactMatch, percentPoints)}${ratio(a.stepSeconds, b.stepSeconds)}${ratio(a.peakBytes, b.peakBytes)}</tr>
`;
}

function difference(
  found: PairedDifference | null,
  show: (value: number) => string,
  lowerIsBetter: boolean,
): Markup {
  if (found === null) return html`<td>${absent}</td>`;
  const { mean, deviation, seeds, lower, higher } = found;
  const text = show(mean);
  const spread =
    deviation === null
      ? html``
      : html`<span class="spread">± ${show(deviation)}, ${lowerIsBetter ? lower : higher} of ${seeds}</span>`;
  // what rounds to nothing is called level
  if (Number.parseFloat(text) === 0)
    return html`<td>${show(0)} <span class="quiet">level</span>${spread}</td>`;
  const better = mean < 0 === lowerIsBetter;
  return html`<td>${signed(text, mean)} <span class="${better ? "better" : "worse"}">${better ? "better" : "worse"}</span>${spread}</td>`;
}

function ratio(ours: Estimate | null, theirs: Estimate | null): Markup {
  if (ours === null || theirs === null || theirs.mean === 0) return html`<td>${absent}</td>`;
  return html`<td>${(ours.mean / theirs.mean).toFixed(2)} ×</td>`;
}
