import { describe, expect, it } from "vitest";
import { loadingBar } from "../src/loading-bar.ts";

function terminal(isTTY: boolean) {
  const written: string[] = [];
  let time = 0;
  const stderr = { isTTY, columns: 120, write: (text: string) => written.push(text) };
  return { written, io: { stderr, now: () => time }, wait: (ms: number) => (time += ms) };
}

describe("the bar of a model that is loaded", () => {
  it("appears after half a second, fills up, and is taken away", () => {
    const { written, io, wait } = terminal(true);
    const bar = loadingBar("hf://owner/name", io);
    bar.onProgress(1e6, 8e6);
    expect(written).toEqual([]);
    wait(600);
    bar.onProgress(4e6, 8e6);
    bar.onProgress(8e6, 8e6);
    expect(written).toEqual([
      "\r\u001b[Khf://owner/name  [############------------]  4.0 of 8.0 million parameters",
      "\r\u001b[Khf://owner/name  [########################]  8.0 of 8.0 million parameters",
    ]);
    bar.end();
    expect(written.at(-1)).toBe("\r\u001b[K");
  });

  it("writes nothing where there is no terminal, or when loading is quick", () => {
    const { written, io, wait } = terminal(false);
    const elsewhere = loadingBar("model", io);
    wait(1000);
    elsewhere.onProgress(1, 2);
    elsewhere.end();
    const quick = terminal(true);
    const bar = loadingBar("model", quick.io);
    bar.onProgress(2, 2);
    bar.end();
    expect([...written, ...quick.written]).toEqual([]);
  });
});
