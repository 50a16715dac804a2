import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { renderReport } from "../src/index.ts";
import { controlRun, exampleRun } from "./example-runs.ts";
import { drawings, faultOf } from "./well-formed.ts";

const four = [
  exampleRun(),
  controlRun("random 4", "random", 4, 4, 0.5),
  controlRun("random 8", "random", 8, 8, 0.25),
  controlRun("keep-random 8 → 4", "keep-random", 8, 4, -0.125),
];

/** Texts of the cells of a table row that begins with a heading. */
function cells(page: string, heading: string, nth = 0): string[] {
  const rows = page
    .split("<tr>")
    .filter((row) => row.replace(/<i [^>]*><\/i>/g, "").startsWith(`<th scope="row">${heading}</th>`));
  const found =
    rows
      .at(nth)
      ?.split("</tr>")[0]
      .match(/<td[^>]*>.*?<\/td>/g) ?? [];
  return found.map((cell) => cell.replace(/<[^>]*>/g, ""));
}

describe("a page of four runs, by hand", () => {
  const page = renderReport(four, { title: "Four" });

  it("has losses, accuracy, time split in two, memory, steps and total in the first table", () => {
    expect(cells(page, "colm 8 → 4")).toEqual([
      "2.000",
      "2.250",
      "2.500",
      "25.0 %",
      "500 ms",
      "125 ms",
      "375 ms",
      "1.5 MB",
      "2",
      "1.00 s",
    ]);
    expect(cells(page, "random 8").slice(0, 5)).toEqual(["2.250", "2.500", "2.750", "25.0 %", "375 ms"]);
  });

  it("marks the best of each measure, whichever run it is", () => {
    const best = page.match(/<td class="best">[^<]*/g)?.slice(0, 9);
    // three runs share the fastest step and the smallest peak; exact answers are level and so unmarked
    const marked = ["375 ms", "1.0 MB", "375 ms", "1.0 MB", "1.875", "2.125", "2.375", "375 ms", "1.0 MB"];
    expect(best).toEqual(marked.map((text) => `<td class="best">${text}`));
  });

  it("says in words which run was best and which came next", () => {
    expect(page).toContain(
      "<li>Lowest mean loss of the sources (macro): <b>keep-random 8 → 4</b>, 2.125; next colm 8 → 4, 2.250.</li>",
    );
    expect(page).toContain("<li>All runs are level in exact answers: 25.0 %.</li>");
    expect(page).toContain(
      "<li>Fastest step: <b>random 4 and random 8 and keep-random 8 → 4</b>, 375 ms; next colm 8 → 4, 500 ms.</li>",
    );
  });

  it("calls level what is shown alike", () => {
    const near = four.map((run, i) => ({ ...run, peakBytes: 1_000_000 + i }));
    const text = renderReport(near);
    expect(text).toContain("<li>All runs are level in peak tensor bytes: 1.0 MB.</li>");
    expect(text).not.toContain('<td class="best">1.0 MB');
  });

  it("sets the selecting run beside its three controls, for better and for worse", () => {
    const against = page.slice(page.indexOf("Against chance"));
    expect(cells(against, "random 4")).toEqual([
      "−0.500 better",
      "−0.500 better",
      "−0.500 better",
      "0.0 points level",
      "1.33 ×",
      "1.50 ×",
    ]);
    expect(cells(against, "random 8").slice(0, 2)).toEqual(["−0.250 better", "−0.250 better"]);
    expect(cells(against, "keep-random 8 → 4").slice(0, 2)).toEqual(["+0.125 worse", "+0.125 worse"]);
    expect(page).not.toContain("Not run:");
  });

  it("says what one seed cannot say", () => {
    expect(page).toContain("Every method ran once, with one seed.");
  });

  it("has shares of the sources and their losses", () => {
    const share = page.slice(page.indexOf("Share of the examples trained on"));
    expect(cells(share, "dates\u00a0◦")).toEqual(["10.0 %", "25.0 %", "25.0 %", "25.0 %", "25.0 %"]);
    const losses = page.slice(page.indexOf("Held-out loss by source"));
    expect(cells(losses, "sums")).toEqual(["2.000", "2.500", "2.250", "1.875"]);
    expect(page).toContain("The largest source has 9 times the examples of the smallest.");
  });

  it("lists shared settings once and the others by run", () => {
    expect(page).toContain("<div><dt>learningRate</dt><dd>0.01</dd></div>");
    const settings = page.slice(page.indexOf("<h2>Settings"));
    expect(cells(settings, "method")).toEqual(["colm", "random", "random", "keep-random"]);
    expect(settings).toContain("<div><dt>node</dt><dd>24.21.0</dd></div>");
  });

  it("draws every chart as well-formed XML, over steps, examples, seconds and memory", () => {
    const charts = drawings(page).filter((svg) => svg.includes('class="chart"'));
    const labels = charts.map((svg) => /aria-label="([^":]*)/.exec(svg)?.[1]);
    for (const measure of ["Held-out loss", "Exact answers"]) {
      for (const axis of ["steps", "examples", "seconds", "peak memory"])
        expect(labels).toContain(`${measure} over ${axis}`);
    }
    expect(drawings(page).map(faultOf).filter(Boolean)).toEqual([]);
  });

  it("draws the lines where the numbers say", () => {
    // loss over seconds: the colm run took 1 s, the others 0.75 s, so they end at 3/4 of the axis
    const chart = drawings(page).find((svg) => svg.includes("Held-out loss over seconds:")) ?? "";
    const [left, right] = [46, 386];
    const ends = [...chart.matchAll(/<path d="M[^"]*L([\d.]+),[\d.]+" \/>/g)].map(([, x]) => Number(x));
    expect(ends.sort((a, b) => a - b)).toEqual([...Array(3).fill(left + 0.75 * (right - left)), right]);
    // peak memory: 1.5 MB for colm, 1 MB for the others, on an axis that ends at 1.04 times the largest
    const dots = drawings(page).find((svg) => svg.includes("Held-out loss over peak memory")) ?? "";
    const places = [
      ...dots.matchAll(
        /<path[^>]*transform="translate\(([\d.]+),[\d.]+\)"><title|<circle[^>]*cx="([\d.]+)"/g,
      ),
    ].map(([, a, b]) => Number(a ?? b));
    expect(places.map((x) => Math.round(((x - left) / (right - left)) * 1.56 * 100) / 100)).toEqual([
      1.5, 1, 1, 1,
    ]);
  });

  it("is the same again, and leaves the records alone", () => {
    const copy = structuredClone(four);
    expect(renderReport(copy, { title: "Four" })).toBe(page);
    expect(copy).toEqual(four);
  });
});

describe("what is missing is said", () => {
  it("controls that were not run", () => {
    const page = renderReport([exampleRun(), four[1]]);
    expect(page).toContain("Not run: random 8, keep-random 8 → 4. Without them this report cannot tell");
    expect(renderReport([exampleRun(), ...four.slice(1, 3)])).toContain(
      "Not run: keep-random 8 → 4. Without it",
    );
  });

  it("nothing of chance where nothing was selected", () => {
    expect(renderReport([four[1]])).not.toContain("Against chance");
  });

  it("runs of different lengths", () => {
    const page = renderReport([four[1], exampleRun({ steps: [], evaluations: [], name: "stopped" })]);
    expect(page).toContain("The runs have different numbers of steps (0, 2)");
    expect(cells(page, "stopped")).toEqual(["–", "–", "–", "–", "–", "–", "–", "1.5 MB", "0", "0 s"]);
  });

  it("measures that were not taken", () => {
    const evaluations = [{ step: 1, micro: 1, macro: 1, small: null, exactMatch: null, perSource: {} }];
    const page = renderReport([exampleRun({ evaluations: [], steps: [], sources: [], peakBytes: null })]);
    expect(page).toContain("Nothing was measured.");
    const some = renderReport([{ ...exampleRun(), evaluations, peakBytes: null }]);
    expect(cells(some, "colm 8 → 4").slice(0, 4)).toEqual(["1.000", "1.000", "–", "–"]);
    expect(cells(some, "colm 8 → 4")[7]).toBe("–");
  });

  it("the loss before training stands in words where the rest would be flattened by it", () => {
    const [start, end] = exampleRun().evaluations;
    const run = exampleRun({ evaluations: [start, { ...end, step: 1 }, end] });
    expect(renderReport([run])).toContain("macro, nats; 4.500 before training");
    expect(renderReport([exampleRun()])).not.toContain("before training");
  });
});

describe("the page stands alone", () => {
  it("loads nothing: no address, no script, no reference to a file", () => {
    const page = renderReport(four, { title: "t", summary: "s" });
    expect(page).not.toMatch(/https?:|\/\/|<script|<link|<img|<iframe|\b(?:src|href)=|url\(|@import/i);
    expect(page).toContain(`content="default-src 'none'; style-src 'unsafe-inline'"`);
  });

  it("no text of a record becomes markup", () => {
    const bad = `</title></style><script src="http://x">'"&\u0000\ud800`;
    const run = exampleRun();
    const hostile = exampleRun({
      name: bad,
      method: bad,
      settings: { [bad]: bad },
      environment: { [bad]: bad },
      sources: [{ name: bad, examples: 1, small: true }],
      steps: run.steps.map((step) => ({ ...step, picked: { [bad]: 4 } })),
      evaluations: run.evaluations.map((evaluation) => ({ ...evaluation, perSource: { [bad]: 1 } })),
    });
    const page = renderReport([hostile, exampleRun()], { title: bad, summary: bad });
    expect(page).not.toContain("<script");
    expect(page.match(/<\/title><\/style>/g)).toBeNull();
    expect(page).toContain(
      "&lt;/title&gt;&lt;/style&gt;&lt;script src=&quot;http://x&quot;&gt;&#39;&quot;&amp;\ufffd\ufffd",
    );
    expect(drawings(page).map(faultOf).filter(Boolean)).toEqual([]);
  });

  it("any text and any finite numbers give a well-formed body", () => {
    const number = fc.double({ min: 0, max: 1e12, noNaN: true });
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), number, number, (name, x, y) => {
        const [start, end] = exampleRun().evaluations;
        const steps = exampleRun().steps.map((step) => ({ ...step, loss: x, seconds: 0.125 + y }));
        const run = exampleRun({
          name,
          steps,
          evaluations: [
            { ...start, macro: y },
            { ...end, macro: x, micro: y },
          ],
        });
        const page = renderReport([run], { title: name });
        expect(faultOf(page.slice(page.indexOf("<main>"), page.indexOf("</body>")))).toBeUndefined();
        expect(page).not.toMatch(/NaN|Infinity|undefined/);
      }),
      {
        numRuns: 20,
        examples: [
          ["a", 0, 0],
          ["a", 1e-300, 5e-324],
        ],
      },
    );
  });

  it("many runs and long names keep their colours and are cut with an ellipsis in the drawing only", () => {
    const source = "a source with a name longer than the space";
    const runs = Array.from({ length: 10 }, (_, i) =>
      exampleRun({
        name: `run ${i}`,
        sources: [{ name: source, examples: 3, small: false }],
        steps: exampleRun().steps.map((step) => ({ ...step, picked: { [source]: 4 } })),
        evaluations: [],
      }),
    );
    const page = renderReport(runs);
    expect(page).toContain(">a source with a …</text>");
    expect(page).toContain('class="swatch c1"></i>run 9<');
  });
});
