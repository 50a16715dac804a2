import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { picks } from "./picks.ts";
import { absent, loss, percent } from "./quantity.ts";
import { groupHeads } from "./settings.ts";
import { shareChart } from "./share-chart.ts";
import { sourceCurves } from "./source-curves.ts";
import { type SourceRow, sourceRows } from "./source-rows.ts";
import { type Estimate, estimateOver } from "./statistics.ts";

/** What each group trained on, against the mixture; and what it learned, source by source. */
export function sources(groups: readonly RunGroup[]): Markup {
  const rows = sourceRows(groups);
  if (rows.length === 0) return html``;
  const entries = groups.map(
    ({ label, index }) => html`<li><i class="swatch dotted c${index % 8}"></i>${label}</li>`,
  );
  return html`<section>
<h2>Sources</h2>
<p>◦ marks a small source, whose examples a run that keeps small sources trains on whenever they are drawn. ${skew(rows)}</p>
<div class="pair">
<figure>
<figcaption><b>Who was trained on</b> share of the examples (dots) against the mixture (bars); square-root axis</figcaption>
<ul class="legend">${entries}</ul>
${shareChart(rows, groups)}
</figure>
<div>
<h3>Held-out loss by source</h3>
${lossTable(rows, groups)}
</div>
</div>
<h3>Share of the examples trained on</h3>
${shareTable(rows, groups)}
${sourceCurves(rows, groups)}</section>
${picks(rows, groups)}`;
}

function skew(rows: readonly SourceRow[]): string {
  const { examples: most } = rows[0];
  const { examples: least } = rows[rows.length - 1];
  if (least === 0) return "The largest source has examples where another has none.";
  if (most === least) return "All sources have the same number of examples.";
  return `The largest source has ${(most / least).toFixed(0)} times the examples of the smallest.`;
}

function lossTable(rows: readonly SourceRow[], groups: readonly RunGroup[]): Markup {
  const body = rows.map(({ source, small }) => {
    const values = groups.map(({ runs }) =>
      estimateOver(runs, ({ evaluations }) => {
        const losses = evaluations.at(-1)?.perSource ?? {};
        return Object.hasOwn(losses, source) ? losses[source] : null;
      }),
    );
    const present = values.flatMap((value) => value?.mean ?? []);
    const lowest = present.length > 1 ? present.reduce((a, b) => Math.min(a, b)) : null;
    const cells = values.map((value) =>
      value !== null && value.mean === lowest
        ? html`<td class="best">${shown(value)}</td>`
        : html`<td>${shown(value)}</td>`,
    );
    return html`<tr><th scope="row">${source}${small ? "\u00a0◦" : ""}</th>${cells}</tr>
`;
  });
  return table(html``, groups, body);
}

function shown(value: Estimate | null): Markup {
  if (value === null) return html`${absent}`;
  const { mean, deviation } = value;
  if (deviation === null) return html`${loss(mean)}`;
  return html`${loss(mean)}<span class="spread">± ${loss(deviation)}</span>`;
}

function shareTable(rows: readonly SourceRow[], groups: readonly RunGroup[]): Markup {
  const body = rows.map(({ source, small, mixture, picked }) => {
    const cells = picked.map((share) => html`<td>${percent(share)}</td>`);
    return html`<tr><th scope="row">${source}${small ? "\u00a0◦" : ""}</th><td class="quiet">${percent(mixture)}</td>${cells}</tr>
`;
  });
  return table(html`<th scope="col">mixture</th>`, groups, body);
}

function table(extra: Markup, groups: readonly RunGroup[], body: readonly Markup[]): Markup {
  return html`<div class="scroll"><table class="runs">
<thead><tr><th scope="col">source</th>${extra}${groupHeads(groups)}</tr></thead>
<tbody>
${body}</tbody></table></div>`;
}
