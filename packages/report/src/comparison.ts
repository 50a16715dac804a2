import { type Control, controlsOf, isSelecting } from "./controls.ts";
import { html, type Markup } from "./markup.ts";
import { absent, loss, percentPoints, signed } from "./quantity.ts";
import { type Summary, summarize } from "./summary.ts";

/** Every run that selects beside the random runs that it has to beat; controls that were not run are named. */
export function comparisons(summaries: readonly Summary[]): Markup {
  const runs = summaries.map((summary) => summary.run);
  const selecting = summaries.filter((summary) => isSelecting(summary.run));
  if (selecting.length === 0) return html``;
  const tables = selecting.map((summary) => comparison(summary, controlsOf(summary.run, runs)));
  return html`<section>
<h2>Against chance</h2>
<p>What selection is worth shows only beside batches drawn at random: of the same size, of the size of the pool, and with the same small sources kept.
Differences are (selection) − (control); words say which is better.</p>
${tables}</section>
`;
}

function comparison(summary: Summary, controls: readonly Control[]): Markup {
  const { run } = summary;
  const rows = controls
    .filter((control) => control.run !== undefined)
    .map((control) => (control.run === undefined ? html`` : row(summary, summarize(control.run))));
  const missing = controls.filter((control) => control.run === undefined).map((control) => control.what);
  const note =
    missing.length === 0
      ? html``
      : html`<p class="warning">Not run: ${missing.join(", ")}. Without ${missing.length === 1 ? "it" : "them"} this report cannot tell how much of ${run.name} is owed to its selection.</p>`;
  if (rows.length === 0) return note;
  return html`<div class="scroll"><table class="words">
<thead><tr><th scope="col">${run.name} against</th><th scope="col">micro</th><th scope="col">macro</th><th scope="col">small</th><th scope="col">exact</th><th scope="col">time per step</th><th scope="col">peak bytes</th></tr></thead>
<tbody>
${rows}</tbody></table></div>
${note}`;
}

function row(ours: Summary, theirs: Summary): Markup {
  return html`<tr><th scope="row">${theirs.run.name}</th>${difference(ours.micro, theirs.micro, loss, true)}${difference(ours.macro, theirs.macro, loss, true)}${difference(ours.small, theirs.small, loss, true)}${difference(ours.exactMatch, theirs.exactMatch, percentPoints, false)}${ratio(ours.stepSeconds, theirs.stepSeconds)}${ratio(ours.peakBytes, theirs.peakBytes)}</tr>
`;
}

function difference(
  ours: number | null,
  theirs: number | null,
  show: (value: number) => string,
  lowerIsBetter: boolean,
): Markup {
  if (ours === null || theirs === null) return html`<td>${absent}</td>`;
  const value = ours - theirs;
  const text = show(value);
  // what rounds to nothing is called level
  if (Number.parseFloat(text) === 0) return html`<td>${show(0)} <span class="quiet">level</span></td>`;
  const better = value < 0 === lowerIsBetter;
  return html`<td>${signed(text, value)} <span class="${better ? "better" : "worse"}">${better ? "better" : "worse"}</span></td>`;
}

function ratio(ours: number | null, theirs: number | null): Markup {
  if (ours === null || theirs === null || theirs === 0) return html`<td>${absent}</td>`;
  return html`<td>${(ours / theirs).toFixed(2)} ×</td>`;
}
