import { chmod, mkdir, mkdtemp, rename, rm } from "node:fs/promises";
import { dirname } from "node:path";
import { type CausalLM, mergeAdapter } from "@colm/lm-tfjs";
import { commonOptions, writeResult } from "../common-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { modelOptions, openModel } from "../open-model.ts";
import { type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { requireFree } from "../run-folder.ts";

const table: OptionTable = {
  ...modelOptions,
  output: { value: "DIR", help: "folder of the merged model; it must not exist" },
  ...commonOptions,
};

/** `colm merge` */
export const mergeCommand: Command = {
  help: `colm merge: write a model with its adapter merged in

  colm merge --model DIR --adapter DIR --output DIR

The result is a plain Hugging Face folder in float32 that needs no adapter: config.json, model.safetensors, tokenizer.

${optionHelp(table)}

Examples:
  colm merge --model llama --adapter runs/colm-64-of-128/adapter --output llama-tuned
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    const adapter = options.required("adapter");
    const output = options.required("output");
    await requireFree("--output", output);
    const { model } = await openModel(options, io);
    try {
      if (model.lora === undefined)
        throw inputError(`--adapter must be a LoRA adapter, got none in ${adapter}`);
      await writeMerged(model, output);
      const { rank, alpha } = model.lora;
      writeResult(options, io, { folder: output, rank, alpha }, output);
      return 0;
    } finally {
      model.dispose();
    }
  },
};

/** Writes a merged model; its folder stands there whole or not at all. */
async function writeMerged(model: CausalLM, output: string): Promise<void> {
  await mkdir(dirname(output), { recursive: true });
  const partial = await mkdtemp(`${output.replace(/[/\\]+$/, "")}.partial-`);
  try {
    await mergeAdapter(model, partial);
    // of a temporary folder nobody else may read
    await chmod(partial, 0o777 & ~process.umask());
    await rename(partial, output);
  } catch (error) {
    await rm(partial, { recursive: true, force: true });
    throw error;
  }
}
