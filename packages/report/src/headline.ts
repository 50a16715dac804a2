import { html, type Markup } from "./markup.ts";
import { bytes, loss, percent, seconds } from "./quantity.ts";
import { bestOf, type Measure, measures, type Summary } from "./summary.ts";

interface Column {
  readonly head: string;
  readonly measure?: Measure;
  show(summary: Summary): string;
}

const [micro, macro, small, exact, stepSeconds, peak] = measures;

const columns: readonly Column[] = [
  { head: "micro", measure: micro, show: (s) => loss(s.micro) },
  { head: "macro", measure: macro, show: (s) => loss(s.macro) },
  { head: "small", measure: small, show: (s) => loss(s.small) },
  { head: "exact", measure: exact, show: (s) => percent(s.exactMatch) },
  { head: "step", measure: stepSeconds, show: (s) => seconds(s.stepSeconds) },
  { head: "selection", show: (s) => seconds(s.selectionSeconds) },
  { head: "training", show: (s) => seconds(s.trainingSeconds) },
  { head: "peak", measure: peak, show: (s) => bytes(s.peakBytes) },
  { head: "steps", show: (s) => String(s.run.steps.length) },
  { head: "total", show: (s) => seconds(s.totalSeconds) },
];

/** The table that answers first: every run's held-out losses, accuracy, time and memory, the best of each marked. */
export function headlineTable(summaries: readonly Summary[]): Markup {
  const best = columns.map(({ measure }) => (measure === undefined ? null : bestOf(summaries, measure)));
  const rows = summaries.map((summary, r) => {
    const cells = columns.map(({ measure, show }, i) => {
      const value = measure?.of(summary) ?? null;
      const isBest = value !== null && value === best[i];
      return isBest ? html`<td class="best">${show(summary)}</td>` : html`<td>${show(summary)}</td>`;
    });
    return html`<tr><th scope="row"><i class="swatch c${r % 8}"></i>${summary.run.name}</th>${cells}</tr>
`;
  });
  const heads = columns.map(({ head }) => html`<th scope="col">${head}</th>`);
  return html`<div class="scroll"><table>
<thead>
<tr class="group"><th></th><th colspan="3" scope="colgroup">held-out loss</th><th scope="colgroup">answers</th><th colspan="3" scope="colgroup">seconds per step</th><th scope="colgroup">memory</th><th colspan="2" scope="colgroup">whole run</th></tr>
<tr><th scope="col">run</th>${heads}</tr>
</thead>
<tbody>
${rows}</tbody></table></div>
`;
}

/** One sentence for each measure: which run was best, and by how much before the next. */
export function bestSentences(summaries: readonly Summary[]): Markup {
  if (summaries.length < 2) return html``;
  const items = measures.map((measure, i) => {
    const show = columns.find((column) => column.measure === measure)?.show ?? ((): string => "");
    const ranked = summaries
      .filter((summary) => measure.of(summary) !== null)
      .toSorted((a, b) => (measure.lowerIsBetter ? 1 : -1) * ((measure.of(a) ?? 0) - (measure.of(b) ?? 0)));
    const [first, second] = ranked;
    if (second === undefined) return html``;
    const word = i === 4 ? "Fastest" : measure.lowerIsBetter ? "Lowest" : "Most";
    if (measure.of(first) === measure.of(ranked[ranked.length - 1])) {
      return html`<li>All runs are level in ${measure.name}: ${show(first)}.</li>`;
    }
    const tied = ranked.filter((summary) => measure.of(summary) === measure.of(first));
    const next = ranked[tied.length];
    const names = tied.map((summary) => summary.run.name).join(" and ");
    return html`<li>${word} ${i === 4 ? "step" : measure.name}: <b>${names}</b>, ${show(first)}; next ${next.run.name}, ${show(next)}.</li>`;
  });
  return html`<ul class="findings">${items}</ul>
`;
}
