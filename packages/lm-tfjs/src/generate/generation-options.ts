import { describe, requireNatural, requireOptions } from "@colm/array";
import type { ModelConfig } from "../checkpoint/model-config.ts";
import type { Sampling } from "./sample.ts";

/** How tokens are chosen, and how many. */
export interface TokenOptions {
  /** Most tokens to write, a natural number. Default 128. */
  readonly maxNewTokens?: number | undefined;
  /** 0 (default) always takes the likeliest token; above, tokens are drawn from `softmax(logits / temperature)`. */
  readonly temperature?: number | undefined;
  /** Draw among this many likeliest tokens at most, an integer of at least 1. Default all. */
  readonly topK?: number | undefined;
  /** Draw among the likeliest tokens that together have this share of the probability, in (0, 1]. Default 1. */
  readonly topP?: number | undefined;
  /** Seed of the draws, an integer in [0, 2^53). Default 0. */
  readonly seed?: number | undefined;
  /** Asked before each token. */
  readonly signal?: AbortSignal | undefined;
}

/** How a text is written. */
export interface GenerateOptions extends TokenOptions {
  /** The text ends before the first of these strings, each of at least one character. Default none. */
  readonly stop?: string | readonly string[] | undefined;
}

/** Checked options with their defaults. */
export interface Choosing extends Sampling {
  readonly maxNewTokens: number;
  readonly signal: AbortSignal | undefined;
}

/** Checks how tokens are chosen. */
export function requireChoosing(caller: string, options: TokenOptions): Choosing {
  const { maxNewTokens = 128, temperature = 0, topK = Infinity, topP = 1, seed = 0, signal } = options;
  requireOptions(caller, options);
  requireNatural(caller, "maxNewTokens", maxNewTokens);
  requireNatural(caller, "seed", seed);
  if (!(typeof temperature === "number" && temperature >= 0 && temperature < Infinity)) {
    throw new RangeError(
      `${caller}: "temperature" must be a finite number of at least 0, got ${describe(temperature)}`,
    );
  }
  if (!(topK === Infinity || (Number.isInteger(topK) && topK >= 1))) {
    throw new RangeError(`${caller}: "topK" must be an integer of at least 1, got ${describe(topK)}`);
  }
  if (!(typeof topP === "number" && topP > 0 && topP <= 1)) {
    throw new RangeError(`${caller}: "topP" must be in (0, 1], got ${describe(topP)}`);
  }
  return { maxNewTokens, temperature, topK, topP, seed, signal };
}

/** Checks stop strings. */
export function requireStops(caller: string, stop: GenerateOptions["stop"] = []): readonly string[] {
  const stops = typeof stop === "string" ? [stop] : stop;
  if (!Array.isArray(stops)) {
    throw new TypeError(`${caller}: "stop" must be a string or strings, got ${describe(stop)}`);
  }
  for (const [i, text] of stops.entries()) {
    if (typeof text === "string" && text !== "") continue;
    throw new RangeError(
      `${caller}: "stop" must hold strings of at least 1 character, got ${describe(text)} at ${i}`,
    );
  }
  return stops;
}

/** Checks the tokens of a prompt; `at` says which one. */
export function requirePrompt(
  caller: string,
  prompt: ArrayLike<number>,
  { vocabSize, maxPositionEmbeddings }: ModelConfig,
  at = "",
): void {
  if (typeof prompt !== "object" || prompt === null || !Number.isInteger(prompt.length)) {
    throw new TypeError(`${caller}: "prompt" must be a text or token ids, got ${describe(prompt)}${at}`);
  }
  if (prompt.length === 0 || prompt.length > maxPositionEmbeddings) {
    throw new RangeError(
      `${caller}: "prompt" must have 1 to ${maxPositionEmbeddings} tokens, got ${prompt.length}${at}`,
    );
  }
  for (let i = 0; i < prompt.length; i++) {
    const id = prompt[i];
    if (!(Number.isInteger(id) && id >= 0 && id < vocabSize)) {
      throw new RangeError(
        `${caller}: "prompt" must hold token ids in [0, ${vocabSize}), got ${id} at ${i}${at}`,
      );
    }
  }
}
