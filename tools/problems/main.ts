import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { mixture, type ProblemRow } from "./mixture.ts";

const { values } = parseArgs({
  options: { seed: { type: "string", default: "1" }, out: { type: "string", default: "runs/problems" } },
});

const { train, heldOut } = mixture({ seed: Number(values.seed) });
await mkdir(values.out, { recursive: true });
await writeFile(join(values.out, "train.jsonl"), lines(train));
await writeFile(join(values.out, "held-out.jsonl"), lines(heldOut));
console.log(`${train.length} training and ${heldOut.length} held-out rows written to ${values.out}`);

function lines(rows: readonly ProblemRow[]): string {
  return rows.map((row) => `${JSON.stringify(row)}\n`).join("");
}
