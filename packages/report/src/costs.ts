import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { absent, bytes, seconds } from "./quantity.ts";
import type { Estimate } from "./statistics.ts";
import { type ByMeasure, summarize } from "./summary.ts";

const columns: readonly {
  readonly key: keyof ByMeasure<unknown>;
  readonly head: string;
  readonly show: (value: number | null) => string;
}[] = [
  { key: "selectionSeconds", head: "mean", show: seconds },
  { key: "longestSelectionSeconds", head: "longest", show: seconds },
  { key: "heapBytes", head: "heap", show: bytes },
  { key: "residentBytes", head: "resident", show: bytes },
  { key: "predictedBytes", head: "as run", show: bytes },
  { key: "everyWeightBytes", head: "every weight", show: bytes },
];

/** What means and tensors alone do not say: the dearest selection, the whole process, and the run with every weight trained. */
export function costTable(groups: readonly RunGroup[]): Markup {
  const summaries = groups.map(summarize);
  const isMeasured = summaries.some(
    ({ residentBytes, everyWeightBytes }) => residentBytes !== null || everyWeightBytes !== null,
  );
  if (!isMeasured) return html``;
  const shown = (value: Estimate | null, show: (value: number | null) => string): Markup =>
    html`<td>${value === null ? absent : show(value.mean)}</td>`;
  const rows = summaries.map(
    (summary) =>
      html`<tr><th scope="row"><i class="swatch c${summary.group.index % 8}"></i>${summary.group.label}</th>${columns.map(({ key, show }) => shown(summary[key], show))}</tr>
`,
  );
  return html`<div class="scroll"><table>
<thead>
<tr class="group"><th></th><th colspan="2" scope="colgroup">seconds of selection a step</th><th colspan="2" scope="colgroup">process at most</th><th colspan="2" scope="colgroup">predicted from shapes</th></tr>
<tr><th scope="col">run</th>${columns.map(({ head }) => html`<th scope="col">${head}</th>`)}</tr>
</thead>
<tbody>
${rows}</tbody></table></div>
<p class="quiet">Every weight: the same run without an adapter, all weights trained. The process holds what the garbage collector has not taken yet.</p>
`;
}
