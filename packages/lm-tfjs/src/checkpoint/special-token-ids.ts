import { type JsonObject, wrongKind, wrongValue } from "./json-fields.ts";

/** Special tokens as a configuration names them. */
export interface SpecialTokenIds {
  readonly bosTokenId?: number;
  /** Tokens that end a text; the first is the one to append. */
  readonly eosTokenIds: readonly number[];
  readonly padTokenId?: number;
}

/** The special tokens of a `config.json`; -1 stood for "none" in early Llama configurations. */
export function parseSpecialTokens(caller: string, value: JsonObject, vocabSize: number): SpecialTokenIds {
  const bos = tokenIds(caller, value, "bos_token_id", vocabSize).at(0);
  const pad = tokenIds(caller, value, "pad_token_id", vocabSize).at(0);
  return {
    ...(bos === undefined ? {} : { bosTokenId: bos }),
    eosTokenIds: tokenIds(caller, value, "eos_token_id", vocabSize),
    ...(pad === undefined ? {} : { padTokenId: pad }),
  };
}

function tokenIds(caller: string, value: JsonObject, key: string, vocabSize: number): number[] {
  const found = value[key] ?? [];
  const ids: unknown[] = Array.isArray(found) ? found : [found];
  const checked: number[] = [];
  for (const id of ids) {
    if (typeof id !== "number") throw wrongKind(caller, key, "a token id", id);
    if (!Number.isInteger(id) || id < -1 || id >= vocabSize) {
      throw wrongValue(caller, key, `an id below "vocab_size", ${vocabSize}`, id);
    }
    if (id >= 0) checked.push(id);
  }
  return checked;
}
