import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { chooseBackend, createModel, parseModelConfig, saveModel } from "@colm/lm-tfjs";

/** A folder with everything a tiny training job needs. */
export interface TinyJob {
  /** The folder, where the program runs. */
  readonly cwd: string;
  /** Names relative to it. */
  readonly model: string;
  readonly train: string;
  readonly heldOut: string;
}

/** Writes a one-block model over printable characters, 60 training rows of three sources, and 12 held-out rows. */
export async function tinyJob(): Promise<TinyJob> {
  const cwd = mkdtempSync(join(tmpdir(), "colm-cli-"));
  await writeModel(join(cwd, "model"));
  writeFileSync(join(cwd, "train.jsonl"), rows(60));
  writeFileSync(join(cwd, "held-out.jsonl"), rows(12));
  return { cwd, model: "model", train: "train.jsonl", heldOut: "held-out.jsonl" };
}

/** Sums as rows of JSON Lines; every tenth is of the small source. */
export function rows(count: number): string {
  const row = (i: number): string => {
    const [a, b] = [i % 7, (3 * i) % 5];
    const source = i % 10 === 9 ? "rare" : i % 2 === 0 ? "even" : "odd";
    return JSON.stringify({ instruction: `${a}+${b}`, output: String(a + b), source });
  };
  return `${Array.from({ length: count }, (_, i) => row(i)).join("\n")}\n`;
}

const characters = ["\n", ...Array.from({ length: 95 }, (_, i) => String.fromCharCode(32 + i))];

/** A tokenizer of one token per character, with an end token; `extra` tokens more than the model has room for. */
export function tokenizerJson(extra = 0): string {
  const names = [...characters, "<end>", ...Array.from({ length: extra }, (_, i) => `<extra ${i}>`)];
  const end = characters.length;
  return JSON.stringify({
    added_tokens: [{ id: end, content: "<end>", special: true }],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: "Fuse" },
    model: { type: "BPE", vocab: Object.fromEntries(names.map((name, id) => [name, id])), merges: [] },
  });
}

/** Writes a Hugging Face folder. */
export async function writeModel(folder: string): Promise<void> {
  await chooseBackend("cpu");
  mkdirSync(folder, { recursive: true });
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: characters.length + 1,
    hidden_size: 16,
    intermediate_size: 24,
    num_hidden_layers: 2,
    num_attention_heads: 2,
    num_key_value_heads: 1,
    max_position_embeddings: 64,
    rms_norm_eps: 1e-5,
    tie_word_embeddings: true,
    initializer_range: 0.2,
    eos_token_id: characters.length,
  });
  const model = createModel(config, { seed: 4 });
  const encode = (text: string): Uint8Array => new TextEncoder().encode(text);
  await saveModel(
    model,
    folder,
    new Map([
      ["tokenizer.json", encode(tokenizerJson())],
      ["tokenizer_config.json", encode(JSON.stringify({ eos_token: "<end>" }))],
    ]),
  );
  model.dispose();
}
