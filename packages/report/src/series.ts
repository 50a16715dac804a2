import { isSelecting } from "./controls.ts";
import type { RunGroup } from "./groups.ts";
import { html, type Markup } from "./markup.ts";
import { estimate } from "./statistics.ts";

/** A point of a line; over several seeds a mean, with the standard deviation on both sides. */
export interface Point {
  readonly x: number;
  readonly y: number;
  /** `y` less and plus one standard deviation; absent for a single seed. */
  readonly low?: number;
  readonly high?: number;
}

/** One line of a chart. */
export interface Series {
  readonly name: string;
  /** Which colour and dash pattern, from 0. */
  readonly index: number;
  /** Drawn thicker, above the others. */
  readonly emphasis: boolean;
  readonly points: readonly Point[];
}

/** A series of a group whose points are `points`. */
export function seriesOf({ label, index, runs }: RunGroup, points: readonly Point[]): Series {
  return { name: label, index, emphasis: isSelecting(runs[0]), points };
}

/**
 * The mean line of several runs: at each step that all of them have, the means of x and y and the standard deviation of y.
 *
 * @param lines - For each run its points by step.
 */
export function meanLine(lines: readonly ReadonlyMap<number, Point>[]): Point[] {
  const [first, ...others] = lines;
  if (first === undefined) return [];
  return [...first].flatMap(([step, point]) => {
    const points = [point, ...others.flatMap((line) => line.get(step) ?? [])];
    if (points.length < lines.length) return [];
    const x = estimate(points.map((each) => each.x));
    const y = estimate(points.map((each) => each.y));
    if (x === null || y === null) return [];
    if (y.deviation === null) return [{ x: x.mean, y: y.mean }];
    return [{ x: x.mean, y: y.mean, low: y.mean - y.deviation, high: y.mean + y.deviation }];
  });
}

/** Names beside a sample of their line. */
export function legend(groups: readonly RunGroup[]): Markup {
  const items = groups.map(({ label, index, runs }) => {
    const strong = isSelecting(runs[0]) ? " strong" : "";
    return html`<li><svg class="key" viewBox="0 0 26 10" aria-hidden="true"><path class="line c${index % 8} d${index % 4}${strong}" d="M1 5H25"/></svg>${label}</li>`;
  });
  return html`<ul class="legend">${items}</ul>`;
}
