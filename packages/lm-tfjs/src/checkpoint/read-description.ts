import { readTokenizer, requireFittingTokenizer, type Tokenizer } from "../tokenizer.ts";
import { type Files, locate } from "./files.ts";
import { parseJsonObject } from "./json-fields.ts";
import { type ModelConfig, parseModelConfig } from "./model-config.ts";

/** The configuration of a Hugging Face folder. */
export async function readConfig(caller: string, files: Files): Promise<ModelConfig> {
  const file = locate(files, "config.json");
  if ((await files.size("config.json")) === undefined) {
    throw new RangeError(
      `${caller}: "${file}" must be a file, got no such file: is this a Hugging Face model folder?`,
    );
  }
  return parseModelConfig(parseJsonObject(caller, file, await files.read("config.json")));
}

/** The tokenizer of a Hugging Face folder, where it has one; refused where the model has no embedding for its ids. */
export async function readFittingTokenizer(
  caller: string,
  files: Files,
  config: ModelConfig,
): Promise<Tokenizer | undefined> {
  const tokenizer = await readTokenizer(files, config);
  if (tokenizer !== undefined) requireFittingTokenizer(caller, tokenizer, config.vocabSize);
  return tokenizer;
}
