import {
  CausalLM,
  chooseBackend,
  createModel,
  createTokenizer,
  generate,
  generateBatch,
  parseModelConfig,
} from "@colm/lm-tfjs";

const PROMPTS = 16;
const TOKENS = 32;
const SHAPES = {
  small: { hidden: 64, layers: 5, vocabulary: 512 },
  large: { hidden: 256, layers: 6, vocabulary: 4096 },
};
const ROUNDS = 5;

/**
 * Sixteen texts of 32 tokens, greedily, behind prompts of 40 to 145 tokens: one by one with `generate`, and 4, 8 or 16 side by side with
 * `generateBatch`, on a model of 64 x 5 (`small_`) and one of 256 x 6 (`large_`). `_ms` is the least processor time of all rounds,
 * `_ratio` one by one over side by side. The texts must be the same.
 */
export async function run(): Promise<Record<string, number>> {
  await chooseBackend("wasm");
  const results: Record<string, number> = {};
  for (const [name, shape] of Object.entries(SHAPES)) {
    const model = letterModel(shape);
    const prompts = Array.from({ length: PROMPTS }, (_, i) => "ab c".repeat(30).slice(0, 40 + 7 * i));
    const expected = await oneByOne(model, prompts);
    const ways: Record<string, () => Promise<string[]>> = { single: () => oneByOne(model, prompts) };
    for (const batchSize of [4, 8, 16]) {
      ways[`batch${batchSize}`] = () => generateBatch(model, prompts, { maxNewTokens: TOKENS, batchSize });
    }
    const least: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round++) {
      for (const [way, write] of Object.entries(ways)) {
        const start = process.cpuUsage();
        const texts = await write();
        const { user, system } = process.cpuUsage(start);
        if (texts.join("\n") !== expected.join("\n")) throw new Error(`generate: ${way} wrote other texts`);
        least[way] = Math.min(least[way] ?? Infinity, (user + system) / 1000);
      }
    }
    for (const [way, ms] of Object.entries(least)) {
      results[`${name}_${way}_ms`] = ms;
      if (way !== "single") results[`${name}_${way}_ratio`] = least.single / ms;
    }
    model.dispose();
  }
  return results;
}

async function oneByOne(model: CausalLM, prompts: readonly string[]): Promise<string[]> {
  const texts: string[] = [];
  for (const prompt of prompts) {
    let text = "";
    for await (const piece of generate(model, prompt, { maxNewTokens: TOKENS })) text += piece;
    texts.push(text);
  }
  return texts;
}

/** A fresh Llama with a token for each printable character, and no end token. */
function letterModel({ hidden, layers, vocabulary }: (typeof SHAPES)["small"]): CausalLM {
  const config = parseModelConfig({
    model_type: "llama",
    vocab_size: vocabulary,
    hidden_size: hidden,
    intermediate_size: 2.75 * hidden,
    num_hidden_layers: layers,
    num_attention_heads: 8,
    num_key_value_heads: 4,
    max_position_embeddings: 512,
    tie_word_embeddings: true,
    eos_token_id: [],
  });
  const names = Array.from({ length: vocabulary }, (_, id) =>
    id < 95 ? String.fromCharCode(32 + id) : `<${id}>`,
  );
  const tokenizer = createTokenizer({
    added_tokens: [],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: null,
    decoder: { type: "Fuse" },
    model: { type: "BPE", vocab: Object.fromEntries(names.map((name, id) => [name, id])), merges: [] },
  });
  return new CausalLM(config, createModel(config, { seed: 1 }).weights, { tokenizer });
}
