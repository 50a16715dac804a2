import { parseTemplate, render } from "@colm/data";
import { type CausalLM, generate, type Tokenizer } from "@colm/lm-tfjs";
import { commonOptions } from "../common-options.ts";
import { templateOption } from "../data-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { modelChat } from "../model-chat.ts";
import { modelOptions, openModel } from "../open-model.ts";
import { type Options, type OptionTable, optionHelp, parseOptions } from "../option-table.ts";

const table: OptionTable = {
  ...modelOptions,
  prompt: { value: "TEXT", help: "text to go on from, as it is" },
  instruction: { value: "TEXT", help: "instruction to put into the template instead" },
  ...templateOption,
  "max-new-tokens": { value: "N", help: "tokens to write at most (default 64)" },
  temperature: { value: "X", help: "0 (default) always takes the likeliest token; above, tokens are drawn" },
  "top-k": { value: "N", help: "draw among the N likeliest tokens (default all)" },
  "top-p": { value: "X", help: "draw among the likeliest that together have this probability (default 1)" },
  seed: { value: "N", help: "seed of the draws (default 0)" },
  stop: { value: "TEXT", help: "end before the first place where this text would stand" },
  ...commonOptions,
};

/** `colm generate` */
export const generateCommand: Command = {
  help: `colm generate: let a model go on from a prompt

  colm generate --model DIR [--adapter DIR] --prompt TEXT | --instruction TEXT [options]

${optionHelp(table)}

Examples:
  colm generate --model llama --prompt "Once upon a time" --max-new-tokens 100
  colm generate --model llama --adapter runs/colm-64-of-128/adapter --instruction "What is 7 + 5?"
  colm generate --model qwen --template chat --instruction "Tell a joke." --temperature 0.8 --seed 3
  colm generate --model llama --prompt "1, 2, 3," --top-k 40 --top-p 0.9 --temperature 1 --stop "."
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    const asked = requested(options);
    const drawing = {
      maxNewTokens: options.number("max-new-tokens") ?? 64,
      temperature: options.number("temperature"),
      topK: options.number("top-k"),
      topP: options.number("top-p"),
      seed: options.number("seed"),
      stop: options.text("stop"),
      signal: io.signal,
    };
    const { model, tokenizer } = await openModel(options, io);
    let printed = 0;
    try {
      const prompt = await promptOf(asked, options, model, tokenizer);
      let text = "";
      for await (const part of generate(model, prompt.read, drawing)) {
        if (!options.flag("json")) {
          io.stdout.write(part);
          printed += part.length;
        }
        text += part;
      }
      io.stdout.write(options.flag("json") ? `${JSON.stringify({ prompt: prompt.text, text })}\n` : "\n");
      return 0;
    } catch (error) {
      // what was printed stands
      if (printed === 0 || !io.signal.aborted || error !== io.signal.reason) throw error;
      io.stdout.write("\n");
      io.stderr.write(`colm generate: stopped after ${printed} letters\n`);
      return 130;
    } finally {
      model.dispose();
    }
  },
};

type Asked = { readonly prompt: string } | { readonly instruction: string };

function requested(options: Options): Asked {
  const prompt = options.text("prompt");
  const instruction = options.text("instruction");
  if (prompt !== undefined && instruction === undefined) return { prompt };
  if (instruction !== undefined && prompt === undefined) return { instruction };
  throw inputError("either --prompt TEXT or --instruction TEXT must be given");
}

/** A prompt as it is shown, and as it is read. */
interface Prompt {
  readonly text: string;
  readonly read: string | Int32Array;
}

async function promptOf(
  asked: Asked,
  options: Options,
  model: CausalLM,
  tokenizer: Tokenizer,
): Promise<Prompt> {
  if ("prompt" in asked) return { text: asked.prompt, read: asked.prompt };
  const { instruction } = asked;
  const template = options.text("template") ?? "plain";
  if (template !== "chat") {
    const { prompt } = render({ instruction, output: "", source: "prompt" }, parseTemplate(template));
    return { text: prompt, read: prompt };
  }
  const chat = await modelChat(model);
  const text = chat.render([{ role: "user", content: instruction }], { addGenerationPrompt: true });
  // a chat template writes the tokenizer's special tokens itself
  return { text, read: tokenizer.encode(text, { addSpecialTokens: false }) };
}
