import {
  type Example,
  encode,
  IGNORED,
  type Row,
  readRows,
  type SourceRule,
  type Template,
} from "@colm/data";
import type { Tokenizer } from "@colm/lm-tfjs";
import { inputError } from "./input-error.ts";

/** How a data file becomes examples. */
export interface LoadOptions {
  readonly tokenizer: Tokenizer;
  readonly template: Template;
  /** Tokens of an example at most. */
  readonly maxLength: number;
  /** Where a row's source is written. */
  readonly source: SourceRule;
}

/** The examples of a data file. */
export interface LoadedExamples {
  readonly examples: Example[];
  /** The row of each example. */
  readonly rows: Row[];
  /** Examples cut to `maxLength`. */
  readonly truncated: number;
  /** Rows left out because nothing is left to learn: the prompt alone fills `maxLength`, or the answer is empty. */
  readonly dropped: number;
}

/** Reads a data file whole and encodes it. */
export async function loadExamples(file: string, options: LoadOptions): Promise<LoadedExamples> {
  const { tokenizer, template, maxLength, source } = options;
  const examples: Example[] = [];
  const rows: Row[] = [];
  let truncated = 0;
  let dropped = 0;
  for await (const row of readRows(file, { source })) {
    const example = encode(row, tokenizer, template, { maxLength });
    if (!isLearnable(example)) {
      dropped++;
      continue;
    }
    if (example.truncated > 0) truncated++;
    examples.push(example);
    rows.push(row);
  }
  if (examples.length === 0) {
    throw inputError(
      `${file}: every row's prompt fills ${maxLength} tokens, nothing is left to learn: raise --max-length`,
    );
  }
  return { examples, rows, truncated, dropped };
}

/** Whether any token behind the first has a label: the first one is never predicted. */
function isLearnable({ labels }: Example): boolean {
  return labels.some((label, t) => t > 0 && label !== IGNORED);
}

/** What was cut or left out, in words; empty when nothing was. */
export function loadNote(file: string, loaded: LoadedExamples, maxLength: number): string {
  const parts = [];
  if (loaded.truncated > 0) parts.push(`${loaded.truncated} cut to ${maxLength} tokens`);
  if (loaded.dropped > 0) parts.push(`${loaded.dropped} left out (their prompt alone is longer)`);
  return parts.length === 0 ? "" : `${file}: ${loaded.examples.length} rows, ${parts.join(", ")}`;
}
