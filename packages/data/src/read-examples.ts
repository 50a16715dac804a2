import type { ChatTemplate } from "./chat-template.ts";
import { type Example, encode, type TextTokenizer } from "./encode.ts";
import { attempt, requireRows } from "./numbered-rows.ts";
import { type PlacedRow, placedRows, type ReadRowsOptions } from "./read-rows.ts";
import type { Row } from "./row.ts";
import type { Template } from "./template.ts";

/** How `readExamples` reads and encodes. */
export interface ReadExamplesOptions extends ReadRowsOptions {
  readonly tokenizer: TextTokenizer;
  /** As of `encode`, `templates.plain` by default. */
  readonly template?: Template | ChatTemplate | undefined;
  /** As of `encode`, no limit by default. */
  readonly maxLength?: number | undefined;
}

/** An example, the row that it was made of, and where that stands. */
export interface ReadExample extends PlacedRow {
  readonly example: Example;
}

/**
 * Reads rows and encodes them, `example_i = encode(row_i)`; what is wrong in either is said with file and line.
 *
 * @param source - As of `readRows`.
 * @param options - As of `readRows` and `encode`. A row that cannot be encoded is a bad row.
 * @returns Rows in order with their examples.
 * @throws {TypeError | RangeError} What `readRows` and `encode` throw.
 * @example
 * const letters = { encode: (text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0), eosId: 0 };
 * async function* made() {
 *   yield { prompt: "1+1=", completion: "2", source: "sums" };
 * }
 * for await (const { example } of readExamples(made(), { tokenizer: letters })) example.inputIds.length; // => 6
 */
export function readExamples(
  source: string | URL | AsyncIterable<Row>,
  options: ReadExamplesOptions,
): AsyncIterable<ReadExample> {
  const rows = placedRows(source, options);
  return { [Symbol.asyncIterator]: () => encoded(rows, options, `${source}`) };
}

async function* encoded(
  rows: AsyncIterable<PlacedRow>,
  { tokenizer, template, maxLength = Number.MAX_SAFE_INTEGER, onBadRow }: ReadExamplesOptions,
  name: string,
): AsyncGenerator<ReadExample> {
  let good = 0;
  let bad = 0;
  for await (const { row, position } of rows) {
    const make = (): Example => placing(position, () => encode(row, tokenizer, template, { maxLength }));
    const example = attempt(make, position, onBadRow);
    if (example === undefined) bad++;
    else {
      good++;
      yield { row, position, example };
    }
  }
  requireRows(good, bad, name);
}

/** Says in an error where the row stands. */
function placing<T>(position: string, work: () => T): T {
  try {
    return work();
  } catch (cause) {
    if (cause instanceof TypeError) throw new TypeError(`${cause.message} at ${position}`, { cause });
    if (cause instanceof RangeError) throw new RangeError(`${cause.message} at ${position}`, { cause });
    throw cause;
  }
}
