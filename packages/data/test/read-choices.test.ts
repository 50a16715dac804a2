import { mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { type ChoiceRow, type ReadRowsOptions, readChoices } from "../src/index.ts";
import { choiceRows } from "../src/parse-choice-row.ts";

const folder = mkdtempSync(join(tmpdir(), "colm-choices-"));
const path = join(folder, "quiz.jsonl");

async function read(rows: readonly unknown[], options?: ReadRowsOptions): Promise<ChoiceRow[]> {
  writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(""));
  const found: ChoiceRow[] = [];
  for await (const row of readChoices(path, options)) found.push(row);
  return found;
}

const row = { instruction: "1 + 1?", choices: ["1", "2", "3"], answer: 1, source: "sums" };

describe("readChoices", () => {
  it("reads the question, the choices and the place of the answer, and nothing else", async () => {
    expect(await read([{ ...row, level: 3 }])).toEqual([row]);
    const { instruction: prompt, ...others } = row;
    expect(await read([{ ...others, prompt }])).toEqual([{ ...others, prompt }]);
    expect(await read([{ ...others, question: prompt }])).toEqual([row]);
    expect(await read([row], { source: "file" })).toEqual([{ ...row, source: "quiz" }]);
  });

  it("takes an answer as a place, a text or a letter, the text first", async () => {
    const answers = async (choices: string[], answer: unknown): Promise<number> =>
      (await read([{ ...row, choices, answer }]))[0].answer;
    expect(await answers(["x", "y"], "y")).toBe(1);
    expect(await answers(["x", "y"], "B")).toBe(1);
    expect(await answers(["B", "A"], "A")).toBe(1);
    expect(await answers(["1", "0"], "0")).toBe(1);
    expect(await answers(["1", "0"], 0)).toBe(0);
  });

  it("takes of a table the columns that it needs", () => {
    const names = ["id", "question", "choices", "answer", "subject"];
    expect(choiceRows.columns(names, { field: "subject" }, "at t")).toEqual([
      "question",
      "choices",
      "answer",
      "subject",
    ]);
    expect(choiceRows.columns(names, { name: "all" }, "at t")).toEqual(["question", "choices", "answer"]);
  });

  it("refuses other rows with their place, or passes them over where somebody listens", async () => {
    const refused = (changes: object, message: string): Promise<void> =>
      expect(read([row, { ...row, ...changes }])).rejects.toThrow(`readChoices: ${message} at ${path}:2`);
    await refused({ choices: ["1"] }, '"choices" must be an array of at least 2 texts, got an array of 1');
    await refused({ choices: ["1", ""] }, '"choices" must hold texts of at least 1 character, got ""');
    await refused({ instruction: 3 }, '"instruction" must be a string, got 3');
    const place = '"answer" must be a place in [0, 2], a letter or the text of a choice, got ';
    for (const answer of [3, -1, 0.5, null]) await refused({ answer }, `${place}${answer}`);
    await refused({ answer: "D" }, `${place}"D"`);
    await refused({ choices: ["1", "1", "2"], answer: "1" }, `${place}"1"`);
    const { choices: _, ...without } = row;
    await expect(read([without])).rejects.toThrow(
      `readChoices: "source" must hold rows { instruction, choices, answer } or { prompt, choices, answer }, got fields { instruction, answer, source } at ${path}:1`,
    );
    const bad: string[] = [];
    expect(await read([{}, row], { onBadRow: ({ position }) => bad.push(position) })).toEqual([row]);
    expect(bad).toEqual([`${path}:1`]);
  });
});
