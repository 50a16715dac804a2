import { barY, ruleY } from "@observablehq/plot";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { plainText } from "./plain-text.ts";
import { colour, plotChart } from "./plot-chart.ts";
import { percent } from "./quantity.ts";
import type { RunRecord } from "./run-record.ts";
import type { SourceRow } from "./source-rows.ts";

/** How often one example was trained on. */
interface Pick {
  readonly source: string;
  /** Its place in the training set. */
  readonly place: number;
  readonly times: number;
}

/** Counts from here on stand together. */
const most = 8;

/** Rows of the list of those trained on most often. */
const listed = 5;

/** How often each example was trained on: never, once, … by group; and which ones most often. */
export function picks(rows: readonly SourceRow[], groups: readonly RunGroup[]): Markup {
  const counted = groups.filter(({ runs }) => runs.every(isCounted));
  const missing = groups.filter((group) => !counted.includes(group)).map(({ label }) => label);
  const note =
    missing.length === 0
      ? html``
      : html`<p class="quiet">Which examples were trained on was not recorded${counted.length === 0 ? "" : ` for ${missing.join(", ")}`}.</p>`;
  const figures = counted.map((group) => histogram(rows, group));
  return html`<section>
<h2>How often examples were trained on</h2>
<div class="pair">${figures}</div>
${note}</section>
`;
}

function isCounted({ steps }: RunRecord): boolean {
  return steps.length > 0 && steps.every(({ examples }) => examples !== undefined);
}

/** Every example that a run trained on, with its count. */
function picksOf({ steps }: RunRecord): Pick[] {
  const counts = new Map<string, Map<number, number>>();
  for (const { examples = {} } of steps) {
    for (const [source, places] of Object.entries(examples)) {
      const times = counts.get(source) ?? new Map<number, number>();
      for (const place of places) times.set(place, (times.get(place) ?? 0) + 1);
      counts.set(source, times);
    }
  }
  return [...counts].flatMap(([source, times]) =>
    [...times].map(([place, count]) => ({ source, place, times: count })),
  );
}

function histogram(rows: readonly SourceRow[], { label, index, runs }: RunGroup): Markup {
  const total = rows.reduce((sum, { examples }) => sum + examples, 0);
  const all = runs.flatMap(picksOf);
  const seen = new Array<number>(most + 1).fill(0);
  for (const { times } of all) seen[Math.min(most, times)]++;
  seen[0] = Math.max(0, total * runs.length - all.length);
  const whole = seen.reduce((a, b) => a + b, 0);
  const bars = seen.map((count, times) => ({
    times: times === most ? `${most}+` : String(times),
    share: whole === 0 ? 0 : (100 * count) / whole,
    title: plainText(
      `${label}: ${percent(count / Math.max(1, whole))} of the training set ${times}${times === most ? " or more" : ""} times`,
    ),
  }));
  const chart = plotChart(`Share of the training set by how often ${label} trained on it`, {
    width: 400,
    height: 190,
    marginLeft: 40,
    marginRight: 10,
    marginTop: 10,
    marginBottom: 36,
    x: { domain: bars.map(({ times }) => times), label: "times trained on", tickSize: 0 },
    y: {
      label: null,
      grid: true,
      ticks: 4,
      domain: [0, Math.max(1e-6, ...bars.map(({ share }) => share))],
      nice: true,
    },
    marks: [barY(bars, { x: "times", y: "share", fill: colour(index), title: "title" }), ruleY([0])],
  });
  const [first] = runs;
  return html`<figure>
<figcaption><b>${label}</b> percent of the training set by how often it was trained on${runs.length > 1 ? `, ${runs.length} seeds together` : ""}</figcaption>
${chart}
${sourceTable(rows, all, runs.length)}
<p class="quiet">${favourites(first)}</p>
</figure>
`;
}

/** By source: how much of it was never trained on, and how often an example of it was on average. */
function sourceTable(rows: readonly SourceRow[], all: readonly Pick[], seeds: number): Markup {
  const body = rows.map(({ source, small, examples }) => {
    const own = all.filter((pick) => pick.source === source);
    const times = own.reduce((sum, pick) => sum + pick.times, 0);
    const every = examples * seeds;
    const never = every === 0 ? 0 : Math.max(0, every - own.length) / every;
    return html`<tr><th scope="row">${source}${small ? "\u00a0◦" : ""}</th><td>${examples}</td><td>${every === 0 ? "–" : (times / every).toFixed(2)}</td><td>${percent(never)}</td></tr>
`;
  });
  return html`<details><summary>By source</summary><div class="scroll"><table class="runs">
<thead><tr><th scope="col">source</th><th scope="col">examples</th><th scope="col">mean times</th><th scope="col">never</th></tr></thead>
<tbody>
${body}</tbody></table></div></details>`;
}

function favourites(run: RunRecord): string {
  const top = picksOf(run)
    .toSorted((a, b) => b.times - a.times || a.place - b.place)
    .slice(0, listed)
    .map(({ source, place, times }) => `example ${place} (${source}) ${times}×`);
  return `Most often in ${run.name}: ${top.join(", ")}. Examples are counted from 0 in the training set.`;
}
