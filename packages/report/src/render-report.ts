import { breakdown } from "./breakdown.ts";
import { againstBaseline, comparisons } from "./comparison.ts";
import { curves } from "./curves.ts";
import { groupRuns, type RunGroup } from "./groups.ts";
import { bestSentences, headlineTable } from "./headline.ts";
import { html, type Markup } from "./markup.ts";
import { matching } from "./matching.ts";
import { requireRuns } from "./require-runs.ts";
import type { RunRecord } from "./run-record.ts";
import { settings } from "./settings.ts";
import { sources } from "./sources.ts";
import { style } from "./style.ts";
import { summarize } from "./summary.ts";

/** How a report presents itself. */
export interface ReportOptions {
  /** Heading and title of the page; default "Training runs". */
  readonly title?: string;
  /** One paragraph below the heading: what was trained on what; none by default. */
  readonly summary?: string;
  /** A group or run that all others are set against, by its label or name; none by default. */
  readonly baseline?: string | undefined;
}

/**
 * Run records as one HTML page: a table of held-out loss, accuracy, time and memory, each selecting run beside its random controls, loss and
 * accuracy over steps, examples, seconds and peak memory, sources, who was picked how often, matching error, where time and memory go, settings
 * and environment.
 *
 * @param runs - At least one, names distinct; in this order in every table and legend.
 * @param options - `title`, `summary`, `baseline`.
 * @returns A complete document without scripts, styles or images from elsewhere: it opens offline, light or dark, on a phone too. The same
 *   records always give the same text.
 * @throws {TypeError} If a record lacks a field or has one of the wrong kind.
 * @throws {RangeError} If a value is outside its range: NaN, an unknown source, steps out of order, another format; or if nothing is called
 *   `baseline`.
 * @remarks The last evaluation of each run stands in the tables. Means over steps are over all of them, the first included. Runs that differ in
 *   nothing but the seed become one line: mean, standard deviation, and differences seed by seed. Observable Plot draws the charts while the page
 *   is made, so that the page holds plain SVG.
 * @example
 * const record: RunRecord = {
 *   format: 1, name: "random 64", method: "random", pool: 64, budget: 64, seed: 1, settings: { learningRate: 0.01 }, environment: { node: "24" },
 *   sources: [{ name: "sums", examples: 900, small: false }, { name: "dates", examples: 100, small: true }],
 *   steps: [{ step: 1, loss: 2.5, seconds: 0.5, selectionSeconds: 0, tokens: 640, learningRate: 0.01, picked: { sums: 58, dates: 6 } }],
 *   evaluations: [{ step: 1, micro: 2.25, macro: 2.5, small: 2.75, exactMatch: 0.125, perSource: { sums: 2.25, dates: 2.75 } }],
 *   peakBytes: 1000000,
 * };
 * const page = renderReport([record], { title: "One run" });
 * page.startsWith("<!doctype html>"); // => true
 */
export function renderReport(runs: readonly RunRecord[], options: ReportOptions = {}): string {
  const { title = "Training runs", summary = "", baseline } = options;
  requireRuns("renderReport", runs);
  const groups = groupRuns(runs);
  const summaries = groups.map(summarize);
  const page = html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>${title}</title>
<style>${{ markup: style }}</style>
</head>
<body>
<main>
<header>
<h1>${title}</h1>
${summary === "" ? html`` : html`<p>${summary}</p>`}
</header>
<section>
<h2>Results</h2>
${headlineTable(summaries)}${bestSentences(summaries)}${caution(groups)}</section>
${comparisons(groups)}${againstBaseline(groups, baseline)}${curves(groups)}${sources(groups)}${matching(groups)}${breakdown(groups)}${settings(groups)}${glossary()}
</main>
</body>
</html>
`;
  return page.markup;
}

/** What the numbers cannot say, wherever it applies. */
function caution(groups: readonly RunGroup[]): Markup {
  const runs = groups.flatMap((group) => group.runs);
  const steps = [...new Set(runs.map((run) => run.steps.length))].sort((a, b) => a - b);
  const single = groups.filter((group) => group.runs.length === 1);
  const once =
    runs.length < 2 || single.length === 0
      ? html``
      : html`<p class="quiet">${single.length === groups.length ? "Every method ran once, with one seed." : `${single.map(({ label }) => label).join(", ")} ran once, with one seed.`} Another seed moves these numbers too: a difference of its size says nothing yet.</p>
`;
  const uneven =
    steps.length < 2
      ? html``
      : html`<p class="warning">The runs have different numbers of steps (${steps.join(", ")}): compare them over seconds, not in the table alone.</p>
`;
  return html`${once}${uneven}`;
}

function glossary(): Markup {
  return html`<footer>
<dl>
<div><dt>micro</dt><dd>mean loss over the held-out examples of the mixture, in nats; large sources decide it</dd></div>
<div><dt>macro</dt><dd>mean of the sources' mean losses; every source counts the same</dd></div>
<div><dt>small</dt><dd>mean of the small sources' mean losses; small is what the runs counted as small</dd></div>
<div><dt>exact</dt><dd>share of held-out answers that are right to the letter</dd></div>
<div><dt>step</dt><dd>wall seconds of one step, the mean over all: selection (features and choice) and training (forward, backward, optimizer)</dd></div>
<div><dt>peak</dt><dd>the largest number of tensor bytes held at once; kB, MB and GB are powers of 1000</dd></div>
</dl>
</footer>`;
}
