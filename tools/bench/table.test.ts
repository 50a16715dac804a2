import { expect, it } from "vitest";
import { table } from "./table.ts";

it("aligns names and figures and reads the unit from the end of the name", () => {
  const figures = {
    official_ms: 1.25,
    official_bytes: 168_000_000,
    naive_ratio: 12.5,
    pools: 30,
    matmul512_gflops: 120,
  };
  expect(table(figures).split("\n")).toEqual([
    "official_ms       1.250 ms",
    "official_bytes    168.0 MB",
    "naive_ratio       12.50 x",
    "pools                30",
    "matmul512_gflops  120.0 GFLOP/s",
  ]);
});

it("is empty for no figures", () => {
  expect(table({})).toBe("");
});
