import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, it } from "vitest";

const script = fileURLToPath(new URL("../examples/representative-rows.ts", import.meta.url));

it("the example prints twenty rows of a JSONL file, with as many points as there are rows", () => {
  const folder = mkdtempSync(join(tmpdir(), "rows-"));
  try {
    const file = join(folder, "rows.jsonl");
    const kinds = ["add", "subtract", "multiply"];
    const rows = Array.from({ length: 60 }, (_, i) => ({ question: `${kinds[i % 3]} ${i} and ${i * i}` }));
    writeFileSync(file, rows.map((row) => JSON.stringify(row)).join("\n"));
    const lines = execFileSync(process.execPath, [script, file], { encoding: "utf8" }).trim().split("\n");
    expect(lines.length).toBe(20);
    expect(lines.reduce((sum, line) => sum + Number(line.split("\t")[0]), 0)).toBe(60);
    for (const line of lines) expect(rows).toContainEqual(JSON.parse(line.split("\t")[1]));
  } finally {
    rmSync(folder, { recursive: true });
  }
});

it("the example on worker threads comes near to plain greedy", () => {
  const shards = fileURLToPath(new URL("../examples/shards.ts", import.meta.url));
  const output = execFileSync(process.execPath, [shards], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "ignore"],
  });
  const [, items, share] = /^(\d+) items, ([\d.]+) % of plain greedy\n$/.exec(output) ?? [];
  expect(Number(items)).toBe(20);
  expect(Number(share)).toBeGreaterThan(90);
});
