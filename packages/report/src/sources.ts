import { html, type Markup } from "./markup.ts";
import { loss, percent } from "./quantity.ts";
import type { RunRecord } from "./run-record.ts";
import { type ShareRow, shareChart } from "./share-chart.ts";

/** What each run trained on, against the mixture; and what it learned, source by source. */
export function sources(runs: readonly RunRecord[]): Markup {
  const rows = shareRows(runs);
  if (rows.length === 0) return html``;
  const names = runs.map((run) => run.name);
  const entries = names.map((name, i) => html`<li><i class="swatch dotted c${i % 8}"></i>${name}</li>`);
  return html`<section>
<h2>Sources</h2>
<p>◦ marks a small source, whose examples a run that keeps small sources trains on whenever they are drawn. The largest source has ${skew(rows)}.</p>
<div class="pair">
<figure>
<figcaption><b>Who was trained on</b> share of the examples (dots) against the mixture (bars); square-root axis</figcaption>
<ul class="legend">${entries}</ul>
${shareChart(rows, names)}
</figure>
<div>
<h3>Held-out loss by source</h3>
${lossTable(rows, runs)}
</div>
</div>
<h3>Share of the examples trained on</h3>
${shareTable(rows, runs)}
</section>
`;
}

/** All sources that any run knows, largest first. */
function shareRows(runs: readonly RunRecord[]): ShareRow[] {
  const examples = new Map<string, number>();
  const small = new Set<string>();
  for (const run of runs) {
    for (const source of run.sources) {
      examples.set(source.name, Math.max(examples.get(source.name) ?? 0, source.examples));
      if (source.small) small.add(source.name);
    }
  }
  const total = [...examples.values()].reduce((a, b) => a + b, 0);
  const picked = runs.map(pickedShares);
  return [...examples]
    .sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
    .map(([source, count]) => ({
      source,
      small: small.has(source),
      mixture: total === 0 ? 0 : count / total,
      picked: picked.map((shares, r) =>
        runs[r].sources.some(({ name }) => name === source) && shares !== null
          ? (shares.get(source) ?? 0)
          : null,
      ),
    }));
}

/** Share of each source in all that a run trained on, or null where it trained on nothing. */
function pickedShares(run: RunRecord): Map<string, number> | null {
  const counts = new Map<string, number>();
  let total = 0;
  for (const { picked } of run.steps) {
    for (const [source, count] of Object.entries(picked)) {
      counts.set(source, (counts.get(source) ?? 0) + count);
      total += count;
    }
  }
  return total === 0 ? null : new Map([...counts].map(([source, count]) => [source, count / total]));
}

function skew(rows: readonly ShareRow[]): string {
  const { mixture: most } = rows[0];
  const { mixture: least } = rows[rows.length - 1];
  return least === 0
    ? "examples where another has none"
    : `${(most / least).toFixed(0)} times the examples of the smallest`;
}

function lossTable(rows: readonly ShareRow[], runs: readonly RunRecord[]): Markup {
  const last = runs.map((run) => run.evaluations.at(-1)?.perSource ?? {});
  const body = rows.map(({ source, small }) => {
    const values = last.map((losses) => (Object.hasOwn(losses, source) ? losses[source] : null));
    const present = values.filter((value) => value !== null);
    const lowest = present.length > 1 ? present.reduce((a, b) => Math.min(a, b)) : null;
    const cells = values.map((value) =>
      value !== null && value === lowest
        ? html`<td class="best">${loss(value)}</td>`
        : html`<td>${loss(value)}</td>`,
    );
    return html`<tr><th scope="row">${source}${small ? "\u00a0◦" : ""}</th>${cells}</tr>
`;
  });
  return table(html``, runs, body);
}

function shareTable(rows: readonly ShareRow[], runs: readonly RunRecord[]): Markup {
  const body = rows.map(({ source, small, mixture, picked }) => {
    const cells = picked.map((share) => html`<td>${percent(share)}</td>`);
    return html`<tr><th scope="row">${source}${small ? "\u00a0◦" : ""}</th><td class="quiet">${percent(mixture)}</td>${cells}</tr>
`;
  });
  return table(html`<th scope="col">mixture</th>`, runs, body);
}

function table(extra: Markup, runs: readonly RunRecord[], body: readonly Markup[]): Markup {
  const heads = runs.map((run, i) => html`<th scope="col"><i class="swatch c${i % 8}"></i>${run.name}</th>`);
  return html`<div class="scroll"><table class="runs">
<thead><tr><th scope="col">source</th>${extra}${heads}</tr></thead>
<tbody>
${body}</tbody></table></div>`;
}
