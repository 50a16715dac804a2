import { html, type Markup } from "./markup.ts";
import { absent } from "./quantity.ts";
import type { RunRecord, Shown } from "./run-record.ts";

/** Settings and environment: what all runs share once, what differs run by run. */
export function settings(runs: readonly RunRecord[]): Markup {
  const own = (run: RunRecord): Record<string, Shown> => ({
    method: run.method,
    pool: run.pool,
    budget: run.budget,
    seed: run.seed,
    ...run.settings,
  });
  return html`<section>
<h2>Settings</h2>
${listing(runs, runs.map(own))}
<h2>Environment</h2>
${listing(
  runs,
  runs.map((run) => run.environment),
)}
</section>
`;
}

function listing(runs: readonly RunRecord[], values: readonly { readonly [name: string]: Shown }[]): Markup {
  const names = [...new Set(values.flatMap((value) => Object.keys(value)))];
  const shown = (value: { readonly [name: string]: Shown }, name: string): string =>
    Object.hasOwn(value, name) ? String(value[name] ?? absent) : absent;
  const isShared = (name: string): boolean => new Set(values.map((value) => shown(value, name))).size === 1;
  const shared = names
    .filter(isShared)
    .map((name) => html`<div><dt>${name}</dt><dd>${shown(values[0], name)}</dd></div>`);
  const different = names.filter((name) => !isShared(name));
  const list = shared.length === 0 ? html`` : html`<dl>${shared}</dl>`;
  if (different.length === 0) return list;
  const rows = different.map((name) => {
    const cells = values.map((value) => html`<td>${shown(value, name)}</td>`);
    return html`<tr><th scope="row">${name}</th>${cells}</tr>
`;
  });
  const heads = runs.map((run, i) => html`<th scope="col"><i class="swatch c${i % 8}"></i>${run.name}</th>`);
  return html`${list}<div class="scroll"><table class="runs">
<thead><tr><th scope="col"></th>${heads}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}
