import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { absent } from "./quantity.ts";
import type { RunRecord, Shown } from "./run-record.ts";

type Values = { readonly [name: string]: Shown };

/** Settings and environment: what all runs share once, what differs group by group. */
export function settings(groups: readonly RunGroup[]): Markup {
  const own = (run: RunRecord): Values => ({
    method: run.method,
    pool: run.pool,
    budget: run.budget,
    seed: run.seed,
    ...run.settings,
  });
  return html`<section>
<h2>Settings</h2>
${listing(groups, own)}
<h2>Environment</h2>
${listing(groups, (run) => run.environment)}
</section>
`;
}

function listing(groups: readonly RunGroup[], of: (run: RunRecord) => Values): Markup {
  const names = [...new Set(groups.flatMap(({ runs }) => runs.flatMap((run) => Object.keys(of(run)))))];
  const shown = ({ runs }: RunGroup, name: string): string => {
    const values = runs.map(of).map((value) => (Object.hasOwn(value, name) ? value[name] : null));
    return [...new Set(values)].map((value) => String(value ?? absent)).join(", ");
  };
  const isShared = (name: string): boolean => new Set(groups.map((group) => shown(group, name))).size === 1;
  const shared = names
    .filter(isShared)
    .map((name) => html`<div><dt>${name}</dt><dd>${shown(groups[0], name)}</dd></div>`);
  const different = names.filter((name) => !isShared(name));
  const list = shared.length === 0 ? html`` : html`<dl>${shared}</dl>`;
  if (different.length === 0) return list;
  const rows = different.map((name) => {
    const cells = groups.map((group) => html`<td>${shown(group, name)}</td>`);
    return html`<tr><th scope="row">${name}</th>${cells}</tr>
`;
  });
  return html`${list}<div class="scroll"><table class="runs">
<thead><tr><th scope="col"></th>${groupHeads(groups)}</tr></thead>
<tbody>
${rows}</tbody></table></div>`;
}

/** A column head for each group, with its colour. */
export function groupHeads(groups: readonly RunGroup[]): Markup {
  const heads = groups.map(
    ({ label, index }) => html`<th scope="col"><i class="swatch c${index % 8}"></i>${label}</th>`,
  );
  return html`${heads}`;
}
