import { describe, requireNatural } from "@colm/array";
import type { Example } from "./encode.ts";
import { entryOf, type Indexed, type ListOf } from "./indexed.ts";

/** Texts as chunks of one length. */
export interface PackedChunks extends Indexed<Example> {
  /** Tokens of all documents together. */
  readonly tokens: number;
  /** Tokens at the ends of sources that fill no chunk and were left out; 0 with `last: "keep"`. */
  readonly dropped: number;
}

/** Settings of {@link pack}. */
export interface PackOptions {
  /** Tokens of a chunk, at least 2. */
  readonly length: number;
  /** What becomes of fewer than `length` tokens at the end of a source. Default `"keep"`, as one shorter chunk. */
  readonly last?: "keep" | "drop" | undefined;
}

/** The documents of one source one after another, and where each of them ends. */
interface Strip {
  readonly source: string;
  readonly documents: number[];
  readonly ends: number[];
  /** Number of its first chunk. */
  first: number;
}

/**
 * Packs documents into chunks of `length` tokens without padding: chunk `k` of a source holds tokens
 * `k length … (k + 1) length - 1` of its documents, one after another with their ends.
 *
 * Each source is packed apart, so that every chunk has one source: sources in the order in which they first occur, their
 * documents in the order of the list. Every token stands in exactly one chunk, with its label.
 *
 * @param documents - Examples of `encode`, each with the end token that it gives them (texts: every token is learned); an
 *   array, or a list that is read on demand and then read once now and again for each chunk. Kept, never modified.
 * @param options - `length` of a chunk; what becomes of the rest of each source.
 * @returns The chunks in a list that is read on demand: for `batches`, which shuffles them and resumes anywhere.
 *   `collate` makes `[count, length]` of them. `truncated` is 0.
 * @throws {TypeError | RangeError} If an option is outside its range, or no chunk comes of the documents.
 * @remarks Holds 16 bytes per document, and neither tokens nor texts. A chunk is found in O(log n) and read from the
 *   documents in it. Documents in one chunk see one another, as is usual; and the first token of a chunk is not predicted.
 * @example
 * const letters = { encode: (text) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0), eosId: 0 };
 * const documents = ["ab", "cde"].map((text) => encode({ text, source: "s" }, letters));
 * const chunks = await pack(documents, { length: 4 });
 * (await collect(chunks)).map(({ inputIds }) => [...inputIds]); // => [[97, 98, 0, 99], [100, 101, 0]]
 */
export async function pack(documents: ListOf<Example>, options: PackOptions): Promise<PackedChunks> {
  const { length, last = "keep" } = options;
  requireNatural("pack", "length", length);
  if (length < 2) throw new RangeError(`pack: "length" must be at least 2, got ${length}`);
  if (last !== "keep" && last !== "drop") {
    throw new RangeError(`pack: "last" must be "keep" or "drop", got ${describe(last)}`);
  }
  const strips = await layOut(documents);
  let count = 0;
  let tokens = 0;
  let kept = 0;
  for (const strip of strips) {
    const total = strip.ends.at(-1) ?? 0;
    const chunks = last === "keep" ? Math.ceil(total / length) : Math.floor(total / length);
    strip.first = count;
    count += chunks;
    tokens += total;
    kept += Math.min(total, chunks * length);
  }
  if (count === 0) {
    throw new RangeError(`pack: "documents" must fill a chunk of ${length} tokens, got ${tokens} tokens`);
  }
  return {
    length: count,
    tokens,
    dropped: tokens - kept,
    get(index) {
      requireNatural("pack", "index", index, count - 1);
      const strip = strips[below(strips.length, (s) => strips[s].first <= index) - 1];
      const start = (index - strip.first) * length;
      return chunkOf(documents, strip, start, Math.min(start + length, strip.ends.at(-1) ?? 0));
    },
  };
}

/** Where every document lies. */
async function layOut(documents: ListOf<Example>): Promise<Strip[]> {
  const strips = new Map<string, Strip>();
  for (let d = 0; d < documents.length; d++) {
    const { inputIds, labels, source } = await entryOf(documents, d);
    if (inputIds.length !== labels.length) {
      throw new RangeError(
        `pack: "documents" must have as many labels as ids, got ${labels.length} and ${inputIds.length} at ${d}`,
      );
    }
    const strip = strips.get(source) ?? { source, documents: [], ends: [], first: 0 };
    strips.set(source, strip);
    if (inputIds.length === 0) continue;
    strip.documents.push(d);
    strip.ends.push((strip.ends.at(-1) ?? 0) + inputIds.length);
  }
  // without a token a source has no chunk
  return [...strips.values()].filter(({ ends }) => ends.length > 0);
}

/** Tokens `start … end - 1` of a strip. */
async function chunkOf(
  documents: ListOf<Example>,
  { source, documents: numbers, ends }: Strip,
  start: number,
  end: number,
): Promise<Example> {
  const inputIds = new Int32Array(end - start);
  const labels = new Int32Array(end - start);
  const first = below(ends.length, (i) => ends[i] <= start);
  for (let i = first; i < ends.length && (i === first || ends[i - 1] < end); i++) {
    const begin = i === 0 ? 0 : ends[i - 1];
    const document = await entryOf(documents, numbers[i]);
    if (document.inputIds.length !== ends[i] - begin) {
      throw new RangeError(
        `pack: "documents" must stay as they are, got ${document.inputIds.length} tokens instead of ${ends[i] - begin} at ${numbers[i]}`,
      );
    }
    const from = Math.max(start - begin, 0);
    const to = Math.min(end - begin, document.inputIds.length);
    inputIds.set(document.inputIds.subarray(from, to), begin + from - start);
    labels.set(document.labels.subarray(from, to), begin + from - start);
  }
  return { inputIds, labels, source, truncated: 0 };
}

/** How many of `0 … size - 1` hold `test`, which the first of them do and the others do not. */
function below(size: number, test: (i: number) => boolean): number {
  let low = 0;
  let high = size;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (test(middle)) low = middle + 1;
    else high = middle;
  }
  return low;
}
