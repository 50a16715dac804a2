import { describe, expect, it } from "vitest";
import { bundle } from "../bundle.ts";
import { findChromium, pageOf } from "../chromium.ts";
import { select } from "../selection-page.ts";
import { serve } from "../serve.ts";

const chromium = findChromium();

const PAGE = `<!doctype html><pre id="page"></pre><pre id="worker"></pre><script type="module">
const write = (id, text) => { document.getElementById(id).textContent = text; };
addEventListener("error", ({ message }) => write("page", message));
const { select } = await import("/bundle.js");
write("page", JSON.stringify(select()));
const worker = new Worker("/worker.js", { type: "module" });
worker.onmessage = ({ data }) => write("worker", data);
worker.onerror = ({ message }) => write("worker", message);
</script>`;

const WORKER = `import { select } from "/bundle.js"; postMessage(JSON.stringify(select()));`;

describe.skipIf(chromium === undefined)("@colm/submodular in headless Chromium", () => {
  it("gives the bits of Node, on a page and in a worker", async () => {
    const entry = new URL("../selection-page.ts", import.meta.url).pathname;
    const files = new Map([
      ["/", PAGE],
      ["/worker.js", WORKER],
      ["/bundle.js", await bundle(entry)],
    ]);
    const site = await serve(files);
    try {
      const html = await pageOf(chromium ?? "", site.url);
      const shown = (id: string): unknown =>
        JSON.parse(new RegExp(`id="${id}">([^<]*)<`).exec(html)?.[1] ?? "null");
      expect(shown("page")).toEqual(select());
      expect(shown("worker")).toEqual(select());
    } finally {
      await site.close();
    }
  });
});

it.runIf(chromium === undefined)("Chromium is not installed: the tests in a browser are skipped", () => {
  expect(findChromium()).toBeUndefined();
});
