import { expect, it } from "vitest";
import { run } from "./scale.ts";

it("selects from a few points in every way, and says how much memory each took", async () => {
  const figures = await run({ n: 600 });
  expect(figures.n).toBe(600);
  for (const part of ["sparse", "threeSieves", "sieveStreaming", "shards"]) {
    expect(figures[`${part}_peak_bytes`]).toBeGreaterThan(3e7);
    expect(figures[`${part}_peak_bytes`]).toBeLessThan(1e9);
    expect(figures[`${part}_value_over_bound`]).toBeGreaterThan(0.3);
    expect(figures[`${part}_value_over_bound`]).toBeLessThanOrEqual(1);
  }
}, 60_000);
