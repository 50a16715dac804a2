import { encodeSafetensors, type NamedArray, writeFolder } from "@colm/lm-tfjs";
import { GENERATION_CONFIG, MODEL_CONFIG, TOKENIZER_CONFIG } from "./model-config.ts";

/** Writes the base model as a Hugging Face folder. */
export async function saveFolder(
  path: string,
  weights: ReadonlyMap<string, NamedArray>,
  tokenizerJson: object,
): Promise<void> {
  await writeFolder(
    path,
    new Map([
      ["config.json", json(MODEL_CONFIG)],
      ["generation_config.json", json(GENERATION_CONFIG)],
      ["tokenizer_config.json", json(TOKENIZER_CONFIG)],
      ["tokenizer.json", json(tokenizerJson)],
      ["model.safetensors", encodeSafetensors(weights)],
    ]),
  );
}

function json(value: object): Uint8Array[] {
  return [new TextEncoder().encode(`${JSON.stringify(value, null, 1)}\n`)];
}
