import { requireNatural } from "@colm/array";
import type { CausalLM } from "../model/causal-lm.ts";
import type { Tokenizer } from "../tokenizer.ts";
import { type Decoder, sideBySide, startDecoder } from "./decoder.ts";
import { turnEventLoop } from "./event-loop.ts";
import { requireTokenizer } from "./generate.ts";
import {
  type Choosing,
  type GenerateOptions,
  requireChoosing,
  requirePrompt,
  requireStops,
} from "./generation-options.ts";
import { type InferenceWeights, inferenceWeights } from "./inference-weights.ts";
import { sample } from "./sample.ts";
import { stopFilter } from "./stop-strings.ts";
import { textStream } from "./text-stream.ts";

/** How texts are written. */
export interface GenerateBatchOptions extends GenerateOptions {
  /** Texts written side by side, at least 1. Default 16. */
  readonly batchSize?: number | undefined;
  /** Told how many texts are finished, whenever it is more of them. */
  readonly onProgress?: ((done: number) => void) | undefined;
}

/**
 * Continues many texts, several at a time: what `generate` writes for each, whole.
 *
 * @param model - With a tokenizer. Not changed; do not change it meanwhile.
 * @param prompts - The texts to continue, or their token ids; none gives none.
 * @param options - As for `generate`, and how many go side by side.
 * @returns The new texts, in the order of the prompts.
 * @throws {RangeError} As `generate`; the message says which prompt.
 * @throws The signal's reason when it is aborted.
 * @remarks Prompts of like length go together, and a text that has ended leaves the others. Text `i` is drawn from `(seed, i, t)`: the first one
 *   as `generate` draws it. A batch sums in another order than a single text, so logits agree to float32 rounding. Holds the linear weights
 *   once more, transposed, and the cache of `batchSize` texts.
 */
export async function generateBatch(
  model: CausalLM,
  prompts: readonly (string | ArrayLike<number>)[],
  options: GenerateBatchOptions = {},
): Promise<string[]> {
  const { batchSize = 16, onProgress, stop, ...others } = options;
  const caller = "generateBatch";
  const choosing = requireChoosing(caller, others);
  const stops = requireStops(caller, stop);
  requireNatural(caller, "batchSize", batchSize);
  if (batchSize === 0) throw new RangeError(`${caller}: "batchSize" must be at least 1, got 0`);
  const tokenizer = requireTokenizer(caller, model);
  const writers = prompts.map((prompt, i) => {
    const ids = typeof prompt === "string" ? tokenizer.encode(prompt) : Int32Array.from(prompt);
    requirePrompt(caller, ids, model.config, ` in prompt ${i}`);
    return startWriter(tokenizer, ids, stops, i);
  });
  const order = writers.toSorted((a, b) => b.ids.length - a.ids.length || a.stream - b.stream);
  const inference = inferenceWeights(model.weights, true);
  try {
    let done = 0;
    const onDone = (): void => onProgress?.(++done);
    for (let from = 0; from < order.length; from += batchSize) {
      await writeTogether(model, inference, order.slice(from, from + batchSize), choosing, onDone);
    }
  } finally {
    inference.dispose();
  }
  return writers.map(({ written }) => written);
}

/** One text being written. */
interface Writer {
  /** Its number among all. */
  readonly stream: number;
  readonly ids: Int32Array;
  /** Takes a token; false when the text has come to a stop string. */
  push(id: number): boolean;
  /** No more tokens come. */
  end(): void;
  readonly written: string;
}

function startWriter(
  tokenizer: Tokenizer,
  ids: Int32Array,
  stops: readonly string[],
  stream: number,
): Writer {
  const text = textStream(tokenizer, ids);
  const filter = stopFilter(stops);
  let written = "";
  const take = (piece: string): boolean => {
    const { text, stopped } = filter.push(piece);
    written += text;
    return !stopped;
  };
  let open = true;
  return {
    stream,
    ids,
    push(id) {
      open = take(text.push(id));
      return open;
    },
    end() {
      if (open && take(text.end())) written += filter.end();
      open = false;
    },
    get written() {
      return written;
    },
  };
}

async function writeTogether(
  { config }: CausalLM,
  inference: InferenceWeights,
  writers: readonly Writer[],
  choosing: Choosing,
  onDone: () => void,
): Promise<void> {
  const { vocabSize, maxPositionEmbeddings, eosTokenIds } = config;
  const decoder = startDecoder(inference.weights, config, writers.length);
  let active = writers;
  let next = writers.map(({ ids }) => ids);
  try {
    for (let position = 0; active.length > 0; position++) {
      await turnEventLoop(choosing.signal);
      const room = position < choosing.maxNewTokens;
      const values = room ? await readTogether(decoder, inference, next) : new Float32Array();
      const { seen } = decoder;
      const chosen = active.map(({ stream }, b) => {
        if (!room) return undefined;
        const logits = values.subarray(b * vocabSize, (b + 1) * vocabSize);
        const id = sample(logits, choosing, { position, stream });
        const goesOn = !eosTokenIds.includes(id) && active[b].push(id) && seen[b] < maxPositionEmbeddings;
        return goesOn ? id : undefined;
      });
      const left = Int32Array.from(active.keys()).filter((b) => chosen[b] !== undefined);
      for (const [b, writer] of active.entries()) {
        if (chosen[b] !== undefined) continue;
        writer.end();
        onDone();
      }
      if (left.length < active.length) decoder.take(left);
      active = Array.from(left, (b) => active[b]);
      next = chosen.flatMap((id) => (id === undefined ? [] : [Int32Array.of(id)]));
    }
  } finally {
    decoder.dispose();
  }
}

/** Reads further tokens of every sequence; returns the logits of the next one of each, `[sequences, vocabulary]`. */
async function readTogether(
  decoder: Decoder,
  inference: InferenceWeights,
  parts: readonly Int32Array[],
): Promise<Float32Array> {
  const { ids, lengths, tokens } = sideBySide(parts);
  const y = decoder.read(
    ids,
    lengths,
    lengths.map((length, b) => b * tokens + length - 1),
  );
  const logits = inference.logits(y);
  y.dispose();
  const values = await logits.data<"float32">();
  logits.dispose();
  return values;
}
