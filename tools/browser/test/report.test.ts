import { renderReport } from "@colm/report";
import { describe, expect, it } from "vitest";
import { controlRun, exampleRun } from "../../../packages/report/test/example-runs.ts";
import { findChromium, pageOf } from "../chromium.ts";
import { serve } from "../serve.ts";

const chromium = findChromium();

/** What a reader's browser made of the report. */
interface Seen {
  readonly background: string;
  readonly ink: string;
  /** Addresses that the report asked for, whether they were there or not. */
  readonly resources: string[];
  /** Width of what is on the page, and of the page. */
  readonly content: number;
  readonly width: number;
  readonly charts: { readonly width: number; readonly height: number; readonly marks: number }[];
}

const page = renderReport(
  [1, 2].flatMap((seed) => {
    const steps = exampleRun().steps.map((step) => ({
      ...step,
      examples: { sums: [1, 2, 3], dates: [4] },
      stages: { selection: 0.125, training: 0.375 },
      stageBytes: { training: 1_000_000 },
      matching: { plain: 0.5, upweighted: 0.25 },
    }));
    return [
      exampleRun({ name: `colm ${seed}`, seed, steps }),
      ...[4, 8].map((size) => ({ ...controlRun(`random ${size} ${seed}`, "random", size, size, 0.5), seed })),
    ];
  }),
  { title: "A report in a browser", baseline: "random 4" },
);

/** Opens the report in a frame of `width` pixels, and a page around it that writes down what it sees. */
async function look(
  width: number,
  flags: readonly string[] = [],
): Promise<{ seen: Seen; asked: readonly string[]; lines: readonly string[] }> {
  const around = `<!doctype html><iframe src="/report.html" style="width:${width}px;height:800px;border:0"></iframe><script>
    const frame = document.querySelector("iframe");
    frame.addEventListener("load", () => {
      const inner = frame.contentDocument;
      for (const details of inner.querySelectorAll("details")) details.open = true;
      const style = frame.contentWindow.getComputedStyle(inner.body);
      const charts = [...inner.querySelectorAll("svg.chart")].map((svg) => {
        const { width, height } = svg.getBoundingClientRect();
        const marks = [...svg.querySelectorAll("path, circle, rect, line")].filter((mark) => {
          const box = mark.getBoundingClientRect();
          return box.width + box.height > 0;
        });
        return { width, height, marks: marks.length };
      });
      const { scrollWidth, clientWidth } = inner.documentElement;
      const resources = frame.contentWindow.performance.getEntriesByType("resource").map(({ name }) => name);
      document.body.textContent = JSON.stringify({
        background: style.backgroundColor, ink: style.color, resources, content: scrollWidth, width: clientWidth, charts,
      });
    });
  </script>`;
  const site = await serve(
    new Map([
      ["/", around],
      ["/report.html", page],
    ]),
  );
  try {
    const lines: string[] = [];
    const text = await pageOf(chromium ?? "", site.url, { flags, onConsole: (line) => lines.push(line) });
    return { seen: JSON.parse(text.replace(/<[^>]*>/g, "")), asked: site.asked, lines };
  } finally {
    await site.close();
  }
}

describe.skipIf(chromium === undefined)("a report in headless Chromium", () => {
  it("shows every chart, without an error and without asking for anything else", async () => {
    const { seen, asked, lines } = await look(1200);
    // a script or an address that the page's own policy refuses would be a line here
    expect(lines).toEqual([]);
    expect(seen.resources).toEqual([]);
    // Chromium itself looks for an icon
    expect(asked.filter((path) => path !== "/favicon.ico")).toEqual(["/", "/report.html"]);
    expect(seen.charts).toHaveLength(page.split('<svg class="chart"').length - 1);
    for (const { width, height, marks } of seen.charts) {
      expect(width).toBeGreaterThan(100);
      expect(height).toBeGreaterThan(50);
      expect(marks).toBeGreaterThan(3);
    }
  });

  it("fits a phone: nothing is wider than the page", async () => {
    const { seen } = await look(360);
    expect(seen.content).toBe(seen.width);
    for (const { width } of seen.charts) expect(width).toBeLessThanOrEqual(360);
  });

  it("is light or dark as the reader's system is", async () => {
    const light = (await look(600)).seen;
    const dark = (await look(600, ["--force-dark-mode"])).seen;
    const brightness = (colour: string): number =>
      (colour.match(/\d+/g) ?? []).slice(0, 3).reduce((sum, part) => sum + Number(part), 0);
    expect(brightness(light.background)).toBeGreaterThan(brightness(light.ink) + 300);
    expect(brightness(dark.ink)).toBeGreaterThan(brightness(dark.background) + 300);
  });
});
