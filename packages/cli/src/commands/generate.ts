import { parseTemplate, render } from "@colm/data";
import { generate } from "@colm/lm-tfjs";
import { commonOptions } from "../common-options.ts";
import { dataOptions } from "../data-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { modelOptions, openModel } from "../open-model.ts";
import { type Options, type OptionTable, optionHelp, parseOptions } from "../option-table.ts";

const table: OptionTable = {
  ...modelOptions,
  prompt: { value: "TEXT", help: "text to go on from, as it is" },
  instruction: { value: "TEXT", help: "instruction to put into the template instead" },
  template: dataOptions.template,
  "max-new-tokens": { value: "N", help: "tokens to write at most (default 64)" },
  ...commonOptions,
};

/** `colm generate` */
export const generateCommand: Command = {
  help: `colm generate: let a model go on from a prompt, greedily

  colm generate --model DIR [--adapter DIR] --prompt TEXT | --instruction TEXT [options]

${optionHelp(table)}

Examples:
  colm generate --model llama --prompt "Once upon a time" --max-new-tokens 100
  colm generate --model llama --adapter runs/colm-64-of-128/adapter --instruction "What is 7 + 5?"
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    const maxNewTokens = options.number("max-new-tokens") ?? 64;
    options.required("model");
    const prompt = promptOf(options);
    const { model } = await openModel(options);
    try {
      let text = "";
      for await (const part of generate(model, prompt, { maxNewTokens, signal: io.signal })) {
        if (!options.flag("json")) io.stdout.write(part);
        text += part;
      }
      io.stdout.write(options.flag("json") ? `${JSON.stringify({ prompt, text })}\n` : "\n");
      return 0;
    } finally {
      model.dispose();
    }
  },
};

function promptOf(options: Options): string {
  const prompt = options.text("prompt");
  const instruction = options.text("instruction");
  if (prompt !== undefined && instruction === undefined) return prompt;
  if (instruction === undefined || prompt !== undefined) {
    throw inputError("either --prompt TEXT or --instruction TEXT must be given");
  }
  const template = parseTemplate(options.text("template") ?? "plain");
  return render({ instruction, output: "", source: "prompt" }, template).prompt;
}
