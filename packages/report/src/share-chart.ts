import { html, type Markup } from "./markup.ts";
import { percent } from "./quantity.ts";
import { shareScale } from "./scale.ts";

/** One source: its share of the mixture and of what each run trained on. */
export interface ShareRow {
  readonly source: string;
  readonly small: boolean;
  readonly mixture: number;
  /** By run, in the runs' order; null where the run does not know the source. */
  readonly picked: readonly (number | null)[];
}

const width = 420;
const left = 122;
const right = width - 16;
const top = 6;

/**
 * For every source a line of dots, one for each run, against a bar at its share of the mixture.
 *
 * @param names - The runs' names, for the tooltips.
 */
export function shareChart(rows: readonly ShareRow[], names: readonly string[]): Markup {
  const pitch = 12 + 5 * names.length;
  const bottom = top + pitch * rows.length;
  const largest = rows.reduce(
    (most, row) => Math.max(most, row.mixture, ...row.picked.map((p) => p ?? 0)),
    0,
  );
  const x = shareScale(largest * 1.08, left, right);
  const grid = x.ticks.map(
    (share) =>
      html`<path class="grid" d="M${place(x.at(share))} ${top}V${bottom}"/><text class="tick" x="${place(x.at(share))}" y="${bottom + 16}" text-anchor="middle">${Math.round(share * 100)} %</text>`,
  );
  const lines = rows.map((row, i) => {
    const y = top + pitch * i;
    const dots = row.picked.map((share, run) =>
      share === null
        ? html``
        : html`<circle class="dot c${run % 8}" cx="${place(x.at(share))}" cy="${y + 8 + 5 * run}" r="3.4"><title>${names[run]}: ${percent(share)} of ${row.source}</title></circle>`,
    );
    return html`<path class="grid" d="M${left} ${y + pitch}H${right}"/>
<text class="name" x="${left - 8}" y="${place(y + pitch / 2 + 4)}" text-anchor="end">${shorten(row.source)}${row.small ? "\u00a0◦" : ""}<title>${row.source}</title></text>
<path class="mixture" d="M${place(x.at(row.mixture))} ${y + 3}v${pitch - 6}"><title>${row.source}: ${percent(row.mixture)} of the mixture</title></path>${dots}
`;
  });
  return html`<svg class="chart" viewBox="0 0 ${width} ${bottom + 22}" role="img" aria-label="Share of each source in the mixture and in what each run trained on">
${grid}
${lines}</svg>`;
}

function shorten(name: string): string {
  const characters = [...name];
  return characters.length > 17 ? `${characters.slice(0, 16).join("")}…` : name;
}

function place(value: number): string {
  return String(Math.round(value * 10) / 10);
}
