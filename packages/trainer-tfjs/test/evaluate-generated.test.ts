import { chatTemplate, encode, type Row, templates } from "@colm/data";
import { CausalLM, chooseBackend, createTokenizer, generate, type Tokenizer } from "@colm/lm-tfjs";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import {
  type AnswerOptions,
  evaluate,
  evaluateAnswers,
  evaluateChoices,
  evaluateExactMatch,
  evaluatePerplexity,
} from "../src/index.ts";
import { tinyExamples, tinyModel } from "./tiny.ts";

/** One token a letter, `<s>` before every text. 24 ids. */
function letters(): Tokenizer {
  const names = [..."0123456789 +=QA:?\nxyz.", "<s>", "</s>"];
  const vocab = Object.fromEntries(names.map((name, id) => [name, id]));
  const special = (content: string) => ({ id: names.indexOf(content), content, special: true });
  return createTokenizer({
    added_tokens: [special("<s>"), special("</s>")],
    normalizer: null,
    pre_tokenizer: null,
    post_processor: {
      type: "TemplateProcessing",
      single: [{ SpecialToken: { id: "<s>", type_id: 0 } }, { Sequence: { id: "A", type_id: 0 } }],
      pair: [],
      special_tokens: { "<s>": { id: "<s>", ids: [22], tokens: ["<s>"] } },
    },
    decoder: { type: "Fuse" },
    model: { type: "BPE", vocab, merges: [] },
  });
}

let model: CausalLM;
beforeAll(async () => {
  await chooseBackend("wasm");
  const made = tinyModel(4);
  model = new CausalLM(made.config, made.weights, { tokenizer: letters() });
});
afterAll(() => model.dispose());

const template = { prompt: "{instruction}=", completion: "{output}" };
const instruction = (text: string, output: string, source = "sums"): Row => ({
  instruction: text,
  output,
  source,
});

/** What the model writes. */
async function written(prompt: string | Int32Array): Promise<string> {
  let text = "";
  for await (const piece of generate(model, prompt, { maxNewTokens: 6 })) text += piece;
  return text;
}

describe("evaluatePerplexity", () => {
  it("is exp of the mean loss of all labelled tokens, of each source and of the mixture", async () => {
    const examples = tinyExamples(20);
    const { losses, tokenLosses, perplexity, tokens } = await evaluatePerplexity(model, examples, {
      smallSources: ["rare"],
    });
    const sums = new Map<string, { nats: number; tokens: number }>();
    for (const { inputIds, labels, source } of examples) {
      const { data } = await model.logits({
        inputIds,
        labels,
        attentionMask: new Int32Array(inputIds.length).fill(1),
        shape: [1, inputIds.length],
      });
      const sum = sums.get(source) ?? { nats: 0, tokens: 0 };
      for (let t = 1; t < labels.length; t++) {
        if (labels[t] === -100) continue;
        const row = data.subarray((t - 1) * 24, t * 24);
        sum.nats += Math.log(Array.from(row).reduce((all, z) => all + Math.exp(z), 0)) - row[labels[t]];
        sum.tokens++;
      }
      sums.set(source, sum);
    }
    const groups = [...sums.values()];
    const total =
      groups.reduce((all, { nats }) => all + nats, 0) / groups.reduce((all, { tokens: n }) => all + n, 0);
    // float32 losses
    expect(tokenLosses.micro).toBeCloseTo(total, 5);
    expect(perplexity.micro).toBe(Math.exp(tokenLosses.micro));
    expect(losses.sources.map(({ name }) => name)).toEqual(["a", "b", "rare"]);
    for (const [s, { name, mean }] of perplexity.sources.entries()) {
      const { nats, tokens: count } = sums.get(name) ?? { nats: 0, tokens: 0 };
      expect(mean).toBeCloseTo(Math.exp(nats / count), 3);
      expect(tokens[s]).toBe(count);
    }
    const means = tokenLosses.sources.map(({ mean }) => mean);
    expect(perplexity.macro).toBeCloseTo(Math.exp((means[0] + means[1] + means[2]) / 3), 10);
    expect(perplexity.small).toBe(perplexity.sources[2].mean);
    const alone = await evaluate(model, examples, { smallSources: ["rare"] });
    expect(alone).toMatchObject(losses);
    expect(alone.perplexity).toBeCloseTo(perplexity.micro, 10);
  });

  it("refuses nothing to evaluate", async () => {
    await expect(evaluatePerplexity(model, [])).rejects.toThrow(
      new RangeError('evaluatePerplexity: "examples" must have at least 1 example, got 0'),
    );
  });
});

describe("evaluateAnswers", () => {
  it("compares what is written with what the row says, by source", async () => {
    const prompts = ["1+1", "2+2", "30+4", "7"];
    const texts = await Promise.all(prompts.map((prompt) => written(`${prompt}=`)));
    const wrong = (text: string): string => `${text}!`;
    const rows = [
      instruction(prompts[0], texts[0], "a"),
      instruction(prompts[1], wrong(texts[1]), "a"),
      instruction(prompts[2], texts[2], "b"),
      { prompt: `${prompts[3]}=`, completion: texts[3], source: "b" },
    ];
    const whole: AnswerOptions = {
      template,
      extractAnswer: (text) => text.trim(),
      isSame: (a, b) => a === b,
      maxNewTokens: 6,
      smallSources: ["b"],
    };
    const done: number[] = [];
    const found = await evaluateAnswers(model, rows, { ...whole, onProgress: (count) => done.push(count) });
    expect(found).toMatchObject({ micro: 0.75, macro: 0.75, small: 1 });
    expect(found.sources).toEqual([
      { name: "a", examples: 2, mean: 0.5 },
      { name: "b", examples: 2, mean: 1 },
    ]);
    expect(found.answers.map(({ text }) => text)).toEqual(texts);
    expect(done).toEqual([1, 2, 3, 4]);
    expect(await evaluateAnswers(model, rows, { ...whole, batchSize: 1 })).toEqual(found);
  });

  it("finds what teacher-forced matching finds, where the answer is the whole completion", async () => {
    const tokenizer = letters();
    const prompts = ["1+1", "2+2", "30+4", "7", "5+5", "0"];
    const rows: Row[] = [];
    for (const [i, prompt] of prompts.entries()) {
      const text = await written(`${prompt}=`);
      rows.push({ prompt: `${prompt}=`, completion: i % 2 === 0 ? text : text.slice(1), source: "s" });
    }
    const examples = rows.map((row) => encode(row, tokenizer));
    const forced = await evaluateExactMatch(model, examples);
    const isSame = (answer: string, expected: string): boolean => answer.startsWith(expected);
    const generated = await evaluateAnswers(model, rows, {
      extractAnswer: (text) => text,
      isSame,
      maxNewTokens: 6,
    });
    expect(generated.micro).toBe(forced.micro);
    expect(forced.micro).toBeGreaterThanOrEqual(0.5);
  });

  it("asks for the assistant's last turn in the words of a chat template, with one beginning token", async () => {
    const chat = chatTemplate({
      bos_token: "<s>",
      chat_template:
        "{{ bos_token }}{% for m in messages %}{{ 'Q:' if m.role == 'user' else 'A:' }}{{ m.content }}{{ '</s>' if m.role == 'assistant' }}{% endfor %}{% if add_generation_prompt %}A:{% endif %}",
    });
    const messages = [
      { role: "user", content: "1+1" },
      { role: "assistant", content: "2" },
      { role: "user", content: "x+y" },
    ];
    const ids = letters().encode("<s>Q:1+1A:2</s>Q:x+yA:", { addSpecialTokens: false });
    const text = await written(ids);
    const [one] = [letters().encode("<s>Q:7A:", { addSpecialTokens: false })];
    const rows: Row[] = [
      { messages: [...messages, { role: "assistant", content: text }], source: "a" },
      instruction("7", await written(one), "a"),
    ];
    const extractAnswer = (all: string): string => all;
    const found = await evaluateAnswers(model, rows, { template: chat, extractAnswer, maxNewTokens: 6 });
    expect(found.answers.map(({ right }) => right)).toEqual([true, true]);
    expect(found.answers[0].expected).toBe(text);
  });

  it("counts as wrong what holds no answer, and ends texts at stop strings", async () => {
    const text = await written("1=");
    const rows = [{ prompt: "1=", completion: "none", source: "a" }];
    const none = await evaluateAnswers(model, rows, { extractAnswer: () => undefined, maxNewTokens: 6 });
    expect(none.micro).toBe(0);
    expect(none.answers).toEqual([{ text, right: false }]);
    const stopped = await evaluateAnswers(model, rows, { stop: text.slice(2, 4), maxNewTokens: 6 });
    expect(stopped.answers[0].text).toBe(text.split(text.slice(2, 4))[0]);
  });

  it("refuses rows without a prompt and models without a tokenizer", async () => {
    const refused = (rows: Row[], message: string, of = model): Promise<void> =>
      expect(evaluateAnswers(of, rows)).rejects.toThrow(new RangeError(`evaluateAnswers: ${message}`));
    await refused([], '"rows" must have at least 1 row, got 0');
    await refused([{ text: "x", source: "a" }], '"rows" must have a prompt, got plain text at 0');
    const plain = tinyModel();
    const message = '"model" must have a tokenizer (a folder with tokenizer.json), got none';
    await refused([instruction("1", "1")], message, plain);
    plain.dispose();
    await expect(
      evaluateAnswers(model, [{ messages: [{ role: "assistant", content: "1" }], source: "a" }]),
    ).rejects.toThrow('render: "template" must be a chat template');
  });
});

describe("evaluateChoices", () => {
  /** The definition: the log-probabilities of a choice's letters, one after the other. */
  async function slowly(prompt: string, choice: string): Promise<number> {
    const ids = letters().encode(prompt + choice);
    const labels = ids.map((id, t) => (t < ids.length - choice.length ? -100 : id));
    const mask = new Int32Array(ids.length).fill(1);
    const [loss] = await model.losses({ inputIds: ids, labels, attentionMask: mask, shape: [1, ids.length] });
    return -loss * choice.length;
  }

  it("takes the likeliest choice, by its sum and by its characters", async () => {
    const choices = ["2", "22222", "x", "7 + 7", "3"];
    const sums = await Promise.all(choices.map((choice) => slowly("Q: 1+1\nA: ", choice)));
    const best = (values: number[]): number => values.indexOf(Math.max(...values));
    const bySum = best(sums);
    const byLength = best(sums.map((sum, c) => sum / choices[c].length));
    expect(byLength).not.toBe(bySum);
    const rows = [
      { instruction: "1+1", choices, answer: bySum, source: "a" },
      { instruction: "1+1", choices, answer: byLength, source: "b" },
    ];
    // the plain template writes a space before the output, which belongs to the completion
    const space = { prompt: "Q: {instruction}\nA: ", completion: "{output}" };
    const found = await evaluateChoices(model, rows, { template: space, smallSources: ["b"] });
    expect(found.bySum).toMatchObject({ micro: 0.5, macro: 0.5, small: 0 });
    expect(found.bySum.sources).toEqual([
      { name: "a", examples: 1, mean: 1 },
      { name: "b", examples: 1, mean: 0 },
    ]);
    expect(found.byLength).toMatchObject({ micro: 0.5, small: 1 });
    expect(found.answers[0]).toMatchObject({ bySum, byLength });
    // float32 sums in another order
    found.answers[0].logLikelihoods.forEach((sum, c) => {
      expect(sum).toBeCloseTo(sums[c], 4);
    });
    const prompt = "Q: 1+1\nA: ";
    const again = await evaluateChoices(model, [{ prompt, choices, answer: 0, source: "a" }]);
    expect(again.answers[0]).toEqual(found.answers[0]);
    const plain = await evaluateChoices(model, rows.slice(0, 1), { template: templates.plain });
    const withSpace = await slowly("Q: 1+1\nA:", " 2");
    expect(plain.answers[0].logLikelihoods[0]).toBeCloseTo(withSpace, 4);
    expect(templates.plain.completion).toBe(" {output}");
  });

  it("refuses what cannot be", async () => {
    const row = { prompt: "1", choices: ["1", "2"], answer: 2, source: "a" };
    const refused = (run: Promise<unknown>, message: string): Promise<void> =>
      expect(run).rejects.toThrow(new RangeError(`evaluateChoices: ${message}`));
    await refused(evaluateChoices(model, []), '"rows" must have at least 1 row, got 0');
    await refused(evaluateChoices(model, [row]), '"answer" must be in [0, 1], got 2 at 0');
    const plain = tinyModel();
    await refused(
      evaluateChoices(plain, [{ ...row, answer: 1 }]),
      '"model" must have a tokenizer (a folder with tokenizer.json), got none',
    );
    plain.dispose();
  });
});
