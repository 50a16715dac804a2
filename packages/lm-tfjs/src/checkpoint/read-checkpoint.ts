import type { HubOptions } from "@colm/data";
import type { Tokenizer } from "../tokenizer.ts";
import type { Files } from "./files.ts";
import type { ModelConfig } from "./model-config.ts";
import type { NamedArray } from "./named-array.ts";
import { openPlace } from "./open-place.ts";
import { openWeights } from "./open-weights.ts";
import { readConfig, readFittingTokenizer } from "./read-description.ts";
import { requireFiniteWeight, requireWeights } from "./require-weights.ts";
import { storedNames } from "./stored-names.ts";
import { weightShapes } from "./weight-shapes.ts";

/** A checkpoint whose weights are read one at a time. */
export interface OpenCheckpoint {
  readonly config: ModelConfig;
  /** Where it is. */
  readonly files: Files;
  /** Where the folder has a `tokenizer.json`. */
  readonly tokenizer?: Tokenizer;
  /** Every weight once, in the order of a forward pass; each is the caller's own. */
  weights(): AsyncGenerator<[name: string, weight: NamedArray]>;
}

/** Settings of `openCheckpoint`. */
export interface OpenOptions {
  /** How an `hf://` or `https:` address is reached. */
  readonly hub?: HubOptions;
  /** Called with the configuration before any file of weights is opened; what it throws ends the opening. */
  readonly beforeWeights?: (config: ModelConfig) => void;
}

/** A whole checkpoint in memory. */
export interface Checkpoint {
  readonly config: ModelConfig;
  readonly tokenizer?: Tokenizer;
  readonly weights: ReadonlyMap<string, NamedArray>;
}

/**
 * Opens a Hugging Face folder: `config.json`, the headers of `model.safetensors` (or of the shards in
 * `model.safetensors.index.json`), and `tokenizer.json` where there is one. Everything that can be checked without reading a weight is.
 *
 * @param source - The path of a folder (Node.js), `hf://owner/name` (through `@huggingface/hub`), an `https:` address, or the files
 *   themselves (a browser: `heldFiles`). Kept for the weights to come.
 * @param options - `hub`: access token, server and `fetch` of an address. `beforeWeights`: a look at the configuration first.
 * @returns Configuration, files, tokenizer, and the weights as they are asked for: one tensor at a time is held.
 * @throws {TypeError | RangeError} If a file is missing, broken or of an unknown architecture, if weights are missing, unexpected or of
 *   the wrong shape (one line each), or if the tokenizer does not fit the vocabulary. While weights are read: if an entry is not finite.
 * @remarks Ignored, as in transformers: `lm_head.weight` beside tied embeddings, and stored tables (`rotary_emb.inv_freq`, the masks of
 *   GPT-2). Names without the model's first part, as in the `gpt2` repository, are read too.
 */
export async function openCheckpoint(
  source: string | Files,
  options: OpenOptions = {},
): Promise<OpenCheckpoint> {
  const { hub, beforeWeights } = options;
  const caller = "openCheckpoint";
  const files = await openPlace(source, hub);
  const config = await readConfig(caller, files);
  beforeWeights?.(config);
  const expected = weightShapes(config);
  const open = await openWeights(caller, files);
  const stored = storedNames(config, open.shapes.keys());
  const used = new Map([...stored].map(([name, file]) => [name, open.shapes.get(file) ?? []]));
  requireWeights(caller, files.place ?? "model.safetensors", used, expected);
  const tokenizer = await readFittingTokenizer(caller, files, config);
  return {
    config,
    files,
    ...(tokenizer === undefined ? {} : { tokenizer }),
    async *weights() {
      for (const name of expected.keys()) {
        const weight = await open.read(stored.get(name) ?? name);
        requireFiniteWeight(caller, name, weight);
        yield [name, weight];
      }
    },
  };
}

/**
 * Reads a Hugging Face folder whole.
 *
 * @param source - As for `openCheckpoint`.
 * @param options - As for `openCheckpoint`.
 * @returns Configuration, tokenizer and all weights; the caller owns them.
 * @throws {TypeError | RangeError} As `openCheckpoint`.
 */
export async function readCheckpoint(source: string | Files, options: OpenOptions = {}): Promise<Checkpoint> {
  const { config, tokenizer, weights: stream } = await openCheckpoint(source, options);
  const weights = new Map<string, NamedArray>();
  for await (const [name, weight] of stream()) weights.set(name, weight);
  return { config, ...(tokenizer ? { tokenizer } : {}), weights };
}
