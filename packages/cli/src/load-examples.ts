import {
  collect,
  type Example,
  IGNORED,
  mixture,
  pack,
  type Row,
  readExamples,
  readRows,
  templates,
} from "@colm/data";
import type { CausalLM, Tokenizer } from "@colm/lm-tfjs";
import type { DataSettings, RowTemplate } from "./data-options.ts";
import { inputError } from "./input-error.ts";
import { modelChat } from "./model-chat.ts";
import { hubAccess } from "./open-model.ts";

/** How data files become examples. */
export interface LoadOptions extends DataSettings {
  readonly tokenizer: Tokenizer;
  /** Brings the chat template. */
  readonly model: CausalLM;
}

/** Shares of several files. */
export interface FileWeights {
  /** One for each file, above 0; only their ratios count. */
  readonly weights: readonly number[];
  /** Of the order in which a file's examples are drawn. */
  readonly seed: number;
}

/** The examples of data files. */
export interface LoadedExamples {
  readonly examples: readonly Example[];
  /** The row of each example; none of packed chunks. */
  readonly rows: readonly Row[];
  /** The words that were put around them. */
  readonly template: RowTemplate;
  /** Rows in packed chunks; undefined where each row is an example. */
  readonly packed: number | undefined;
  /** Examples cut to `maxLength`. */
  readonly truncated: number;
  /** Rows, or packed chunks, left out because nothing is left to learn: the prompt alone fills `maxLength`, or the answer is empty. */
  readonly dropped: number;
  /** Rows that could not be used: what is wrong with each. */
  readonly bad: readonly string[];
}

/**
 * Reads data files whole, one after the other, and encodes them; packed, each file's sources apart, where that is asked for.
 *
 * @param files - Paths or addresses, at least one.
 * @param shares - With them the result is as long as all files together, but holds of each file what its weight says: of a large weight
 *   examples stand in it repeatedly, of a small one some do not.
 */
export async function loadExamples(
  files: readonly string[],
  options: LoadOptions,
  shares?: FileWeights,
): Promise<LoadedExamples> {
  const template = await chosenTemplate(files[0], options);
  const parts: LoadedExamples[] = [];
  for (const file of files) parts.push(await loadFile(file, template, options));
  const places = shares === undefined ? inOrder(parts) : byWeight(parts, shares);
  return {
    examples: places.map(({ part, index }) => parts[part].examples[index]),
    rows: options.packing ? [] : places.map(({ part, index }) => parts[part].rows[index]),
    template,
    packed: options.packing ? parts.reduce((sum, { packed = 0 }) => sum + packed, 0) : undefined,
    truncated: parts.reduce((sum, part) => sum + part.truncated, 0),
    dropped: parts.reduce((sum, part) => sum + part.dropped, 0),
    bad: parts.flatMap(({ bad }) => bad),
  };
}

type Place = { readonly part: number; readonly index: number };

function inOrder(parts: readonly LoadedExamples[]): Place[] {
  return parts.flatMap(({ examples }, part) => examples.map((_, index) => ({ part, index })));
}

function byWeight(parts: readonly LoadedExamples[], { weights, seed }: FileWeights): Place[] {
  const sizes = parts.map(({ examples }, i) => ({ size: examples.length, weight: weights[i] }));
  const order = mixture(sizes, { seed });
  return Array.from({ length: order.length }, (_, position) => order.at(position));
}

async function loadFile(
  file: string,
  template: RowTemplate,
  { tokenizer, model, maxLength, packing, source, format, skipBadRows }: LoadOptions,
): Promise<LoadedExamples> {
  const encoded: Example[] = [];
  const kept: Row[] = [];
  const bad: string[] = [];
  const read = readExamples(file, {
    tokenizer,
    template,
    maxLength: packing ? undefined : maxLength,
    source,
    format,
    hub: hubAccess(),
    ...(skipBadRows && { onBadRow: ({ message }: { readonly message: string }) => void bad.push(message) }),
  });
  for await (const { example, row, position } of read) {
    const wrong = strangeToken(example, model.config.vocabSize);
    if (wrong !== undefined) {
      const text = `a row must hold tokens of the model, in [0, ${model.config.vocabSize}), got ${wrong} at ${position}`;
      if (!skipBadRows) throw inputError(text);
      bad.push(text);
      continue;
    }
    encoded.push(example);
    if (!packing) kept.push(row);
  }
  const whole = packing ? await collect(await pack(encoded, { length: maxLength })) : encoded;
  const examples = whole.filter(isLearnable);
  if (examples.length === 0) {
    throw inputError(
      packing
        ? `${file}: nothing of its rows can be learned`
        : `${file}: every row's prompt fills ${maxLength} tokens, nothing is left to learn: raise --max-length`,
    );
  }
  return {
    examples,
    rows: kept.filter((_, i) => isLearnable(encoded[i])),
    template,
    packed: packing ? encoded.length : undefined,
    truncated: examples.filter((example) => example.truncated > 0).length,
    dropped: whole.length - examples.length,
    bad,
  };
}

/** The template that was asked for; where none was, the first row says whether these are conversations. */
async function chosenTemplate(
  file: string,
  { template, source, format, skipBadRows, model }: LoadOptions,
): Promise<RowTemplate> {
  if (template === "chat") return modelChat(model);
  if (template !== undefined) return template;
  const rows = readRows(file, {
    source,
    format,
    hub: hubAccess(),
    ...(skipBadRows && { onBadRow: () => {} }),
  });
  for await (const row of rows) return "messages" in row ? modelChat(model) : templates.plain;
  return templates.plain;
}

/** A token, or a label, that the model does not have: rows of tokens bring their own. */
function strangeToken({ inputIds, labels }: Example, size: number): number | undefined {
  return inputIds.find((id) => id >= size) ?? labels.find((label) => label >= size);
}

/** Whether any token behind the first has a label: the first one is never predicted. */
function isLearnable({ labels }: Example): boolean {
  return labels.some((label, t) => t > 0 && label !== IGNORED);
}

/** What was cut or left out, in words; empty when nothing was. */
export function loadNote(files: readonly string[], loaded: LoadedExamples, maxLength: number): string {
  const { packed, truncated, dropped, bad, examples } = loaded;
  const parts = [];
  if (packed !== undefined) parts.push(`${examples.length} chunks of ${maxLength} tokens at most`);
  if (truncated > 0) parts.push(`${truncated} cut to ${maxLength} tokens`);
  if (dropped > 0) {
    const what = packed === undefined ? "" : "chunks ";
    parts.push(`${dropped} ${what}left out (nothing of them is left to learn)`);
  }
  if (bad.length > 0) parts.push(`${bad.length} bad ones passed over (the first: ${bad[0]})`);
  const rows = packed ?? examples.length;
  return parts.length === 0 ? "" : `${files.join(", ")}: ${rows} rows, ${parts.join(", ")}`;
}
