import { type ChatTemplate, chatTemplate } from "@colm/data";
import { type CausalLM, type Files, folder } from "@colm/lm-tfjs";
import { inputError } from "./input-error.ts";

/**
 * The chat template of a model: `chat_template.jinja`, or the one in `tokenizer_config.json`, of the place that it was loaded from.
 *
 * @throws {Error} If there is none. One line, for the user.
 */
export async function modelChat({ source }: CausalLM): Promise<ChatTemplate> {
  const files = typeof source === "string" ? folder(source) : source;
  try {
    const config = await textOf(files, "tokenizer_config.json");
    const template = await textOf(files, "chat_template.jinja");
    return chatTemplate(JSON.parse(config ?? "{}"), { template });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^chatTemplate: /, "") : String(error);
    throw inputError(`conversations must have the chat template of the model's tokenizer: ${reason}`, error);
  }
}

async function textOf(files: Files | undefined, name: string): Promise<string | undefined> {
  if (files === undefined || (await files.size(name)) === undefined) return undefined;
  return new TextDecoder().decode(await files.read(name));
}
