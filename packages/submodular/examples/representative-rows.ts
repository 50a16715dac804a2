/**
 * Prints the 20 rows of a JSONL file that represent it best, and how many rows each stands for:
 *
 *     node examples/representative-rows.ts rows.jsonl
 */
import { readFile } from "node:fs/promises";
import { matrix } from "@colm/array";
import { selectMedoids } from "@colm/submodular";

const COLUMNS = 512;

const [path] = process.argv.slice(2);
if (path === undefined) {
  console.error("usage: node representative-rows.ts FILE.jsonl");
  process.exitCode = 2;
} else {
  await main(path);
}

async function main(file: string): Promise<void> {
  const rows = (await readFile(file, "utf8")).split("\n").filter((row) => row.trim() !== "");
  const counts = new Float32Array(rows.length * COLUMNS);
  for (const [i, row] of rows.entries()) {
    for (const word of words(JSON.parse(row))) counts[i * COLUMNS + column(word)]++;
  }
  // the root tames words that come often
  const points = matrix(counts.map(Math.sqrt), rows.length, COLUMNS);
  const count = Math.min(20, rows.length);
  const { indices, sizes } = selectMedoids(points, { count, metric: "l1" });
  for (const [t, i] of indices.entries()) console.log(`${sizes[t]}\t${rows[i]}`);
}

/** All words of all text fields. */
function words(row: unknown): string[] {
  const texts = Object.values(Object(row)).filter((value) => typeof value === "string");
  return (
    texts
      .join(" ")
      .toLowerCase()
      .match(/\p{L}+|\p{N}+/gu) ?? []
  );
}

/** A column for a word (FNV-1a). */
function column(word: string): number {
  let hash = 0x811c9dc5;
  for (const character of word) hash = Math.imul(hash ^ (character.codePointAt(0) ?? 0), 0x01000193);
  return (hash >>> 0) % COLUMNS;
}
