import { describe } from "@colm/array";
import { requireFormat } from "./data-format.ts";
import { numberedRows } from "./numbered-rows.ts";
import { choiceRows } from "./parse-choice-row.ts";
import type { ReadRowsOptions } from "./read-rows.ts";
import type { ChoiceRow } from "./row.ts";
import { requireAddress } from "./source-files.ts";
import { requireSourceRule } from "./source-rule.ts";

/**
 * Reads rows of multiple choice one at a time: `{ instruction, choices, answer }` or `{ prompt, choices, answer }`.
 *
 * @param source - A path, a `file:` URL or `hf://datasets/owner/name[/path][@revision]` of JSON Lines, packed or not, or Parquet.
 * @param options - As of `readRows`.
 * @returns The rows in order. `question` is read as `instruction`. `answer` is a place in `choices` from 0, the text of one of them, or a
 *   letter, A for the first; the text goes first where choices are letters themselves.
 * @throws {TypeError | RangeError} What `readRows` throws, and for rows without these fields, with fewer than two choices, or with an answer
 *   that is none of them.
 */
export function readChoices(source: string | URL, options: ReadRowsOptions = {}): AsyncIterable<ChoiceRow> {
  const { source: rule = { field: "source" }, format, onBadRow, hub } = options;
  if (typeof source !== "string" && !(source instanceof URL)) {
    throw new TypeError(`readChoices: "source" must be a path or a URL, got ${describe(source)}`);
  }
  requireSourceRule(rule);
  requireFormat(format);
  requireAddress(source);
  return {
    [Symbol.asyncIterator]: async function* () {
      const rows = numberedRows(source, { source: rule, format, onBadRow, hub }, choiceRows);
      for await (const { row } of rows) yield row;
    },
  };
}
