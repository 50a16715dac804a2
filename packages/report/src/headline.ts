import { html, type Markup } from "./markup.ts";
import { onParetoFront } from "./pareto.ts";
import { absent, bytes, loss, percent, seconds } from "./quantity.ts";
import type { Estimate } from "./statistics.ts";
import { type ByMeasure, bestOf, type Measure, measures, type Summary } from "./summary.ts";

type Key = keyof ByMeasure<Measure>;

interface Column {
  readonly key: Key;
  readonly head: string;
  readonly show: (value: number | null) => string;
}

const columns: readonly Column[] = [
  { key: "micro", head: "micro", show: loss },
  { key: "macro", head: "macro", show: loss },
  { key: "small", head: "small", show: loss },
  { key: "exactMatch", head: "exact", show: percent },
  { key: "stepSeconds", head: "step", show: seconds },
  { key: "selectionSeconds", head: "selection", show: seconds },
  { key: "trainingSeconds", head: "training", show: seconds },
  { key: "peakBytes", head: "peak", show: bytes },
  { key: "steps", head: "steps", show: (value) => (value === null ? absent : String(value)) },
  { key: "totalSeconds", head: "total", show: seconds },
];

/** In the order of the sentences. */
const compared: readonly { readonly key: Key; readonly word: string; readonly what: string }[] = [
  { key: "micro", word: "Lowest", what: measures.micro.name },
  { key: "macro", word: "Lowest", what: measures.macro.name },
  { key: "small", word: "Lowest", what: measures.small.name },
  { key: "exactMatch", word: "Most", what: measures.exactMatch.name },
  { key: "stepSeconds", word: "Fastest", what: "step" },
  { key: "peakBytes", word: "Lowest", what: measures.peakBytes.name },
];

/**
 * The table that answers first: every group's held-out losses, accuracy, time and memory, the best of each marked; with several seeds their
 * mean, and below it the standard deviation.
 */
export function headlineTable(summaries: readonly Summary[]): Markup {
  const rows = summaries.map((summary) => {
    const { label, index, runs } = summary.group;
    const cells = columns.map(({ key, show }) => {
      const value = summary[key];
      const best = bestOf(summaries, key);
      // what is shown alike is level
      const isBest =
        value !== null && best !== null && show(value.mean) === show(best) && !isLevel(summaries, key, show);
      return html`<td${isBest ? { markup: ' class="best"' } : ""}>${shown(value, show)}</td>`;
    });
    const seeds = runs.length === 1 ? html`` : html`<span class="spread">${runs.length} seeds</span>`;
    return html`<tr><th scope="row"><i class="swatch c${index % 8}"></i>${label}${seeds}</th>${cells}</tr>
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

/** Whether a measure is shown alike for all groups that have it. */
function isLevel(summaries: readonly Summary[], key: Key, show: Column["show"]): boolean {
  return (
    new Set(summaries.flatMap((summary) => (summary[key] === null ? [] : show(summary[key].mean)))).size < 2
  );
}

function shown(value: Estimate | null, show: Column["show"]): Markup {
  const deviation = value?.deviation ?? null;
  if (deviation === null) return html`${show(value?.mean ?? null)}`;
  return html`${show(value?.mean ?? null)}<span class="spread">± ${show(deviation)}</span>`;
}

/** One sentence for each measure: which group was best, and by how much before the next. */
export function bestSentences(summaries: readonly Summary[]): Markup {
  if (summaries.length < 2) return html``;
  return html`<ul class="findings">${compared.map(({ key, word, what }) => sentence(summaries, key, word, what))}${frontSentence(summaries)}</ul>
`;
}

/** Who is beaten by nobody in loss, time and memory together. */
function frontSentence(summaries: readonly Summary[]): Markup {
  const front = onParetoFront(summaries);
  const named = (wanted: boolean): string[] =>
    summaries.flatMap(({ group }, g) => (front[g] === wanted ? [group.label] : []));
  const best = named(true);
  const beaten = named(false);
  if (best.length + beaten.length < 2) return html``;
  const rest = beaten.length === 0 ? "none is" : `${beaten.join(", ")} ${beaten.length === 1 ? "is" : "are"}`;
  return html`<li>Macro loss, time per step and peak bytes together: <b>${best.join(", ")}</b>; ${rest} matched or beaten in all three by another.</li>`;
}

function sentence(summaries: readonly Summary[], key: Key, word: string, what: string): Markup {
  const show = columns.find((column) => column.key === key)?.show ?? String;
  const mean = (summary: Summary): number | null => summary[key]?.mean ?? null;
  const sign = measures[key].lowerIsBetter ? 1 : -1;
  const ranked = summaries
    .filter((summary) => mean(summary) !== null)
    .toSorted((a, b) => sign * ((mean(a) ?? 0) - (mean(b) ?? 0)));
  const [first, second] = ranked;
  if (second === undefined) return html``;
  if (isLevel(summaries, key, show)) {
    return html`<li>All runs are level in ${measures[key].name}: ${show(mean(first))}.</li>`;
  }
  const tied = ranked.filter((summary) => show(mean(summary)) === show(mean(first)));
  const next = ranked[tied.length];
  const names = tied.map(({ group }) => group.label).join(" and ");
  return html`<li>${word} ${what}: <b>${names}</b>, ${show(mean(first))}; next ${next.group.label}, ${show(mean(next))}.</li>`;
}
