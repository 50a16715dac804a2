import { trainTable } from "../commands/train-table.ts";
import { inputError } from "../input-error.ts";
import { parseOptions } from "../option-table.ts";
import type { Grid } from "./grid.ts";

/**
 * Refuses a baseline that no run of a grid and no group of its runs will be called, before the first of them is run.
 *
 * @param where - How errors call it: `--baseline`, or the file and its key.
 * @param baseline - A name; undefined where there is none.
 * @throws {Error} With the names that there will be. One line, for the user.
 * @remarks A group is called after method, budget and pool, and after settings where that is not enough: those are not foreseen, and
 *   any text behind the name of a group is taken.
 */
export function requireBaseline(where: string, baseline: string | undefined, { runs }: Grid): void {
  if (baseline === undefined || runs.some(({ name }) => name === baseline)) return;
  const planned = runs.map(({ argv }) => parseOptions(argv.slice(1), trainTable));
  const seeds = new Set(planned.map((options) => options.text("seed")));
  // a group of one run is called after the run
  const groups = seeds.size === 1 ? [] : planned.map(groupName);
  if (groups.some((name) => baseline === name || /^( \(|, | \d)/.test(rest(baseline, name)))) return;
  const names = [...new Set([...groups, ...runs.map(({ name }) => name)])];
  throw inputError(`${where} must be a run or group of the grid (${names.join(", ")}), got "${baseline}"`);
}

/** `colm 64 of 128` or `random 128`; the method alone where memory decides about sizes. */
function groupName(options: ReturnType<typeof parseOptions>): string {
  const method = options.text("method") ?? "colm";
  if (options.text("memory") !== undefined) return method;
  const [pool, budget] = [options.number("pool") ?? 128, options.number("budget") ?? 64];
  return budget === pool ? `${method} ${pool}` : `${method} ${budget} of ${pool}`;
}

/** What stands behind a name; empty where it is another one. */
function rest(text: string, name: string): string {
  return text.startsWith(name) ? text.slice(name.length) : "";
}
