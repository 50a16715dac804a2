import { type Markish, type PlotOptions, plot } from "@observablehq/plot";
import { parseHTML } from "linkedom";
import { html, type Markup } from "./markup.ts";

/** Marks, scales and sizes of a drawing. */
export interface Drawing extends PlotOptions {
  readonly width: number;
  readonly height: number;
  readonly marks: Markish[];
}

/**
 * A drawing of Observable Plot as SVG, made here and now: the page needs no script.
 *
 * @param label - What somebody hears who does not see it.
 * @param drawing - What Plot draws; colours are variables of the page's style sheet, so that they follow light and dark.
 */
export function plotChart(label: string, drawing: Drawing): Markup {
  const { document } = parseHTML("<!doctype html><html><body></body></html>");
  const figure: { innerHTML: string; querySelector(name: string): { remove(): void } | null } = plot({
    ...drawing,
    document,
  });
  // the page has a style sheet of its own
  figure.querySelector("style")?.remove();
  const { width, height } = drawing;
  return html`<svg class="chart" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">${{ markup: rounded(figure.innerHTML) }}</svg>`;
}

/** The same drawing with coordinates to a hundredth of a unit; text between the tags stays as it is. */
function rounded(svg: string): string {
  return svg.replace(/<[^>]*>/g, (tag) =>
    tag.replace(/-?\d+\.\d{3,}(?:e-\d+)?/g, (number) => String(Math.round(100 * Number(number)) / 100)),
  );
}

/** A colour of the page's style sheet. */
export function colour(index: number): string {
  return `var(--c${index % 8})`;
}
