import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type ChatTemplate, chatTemplate } from "@colm/data";
import { inputError } from "./input-error.ts";

/**
 * The chat template of a model's folder: `chat_template.jinja`, or the one in `tokenizer_config.json`.
 *
 * @throws {Error} If the folder has none. One line, for the user.
 */
export async function modelChat(folder: string): Promise<ChatTemplate> {
  const config = await readFile(join(folder, "tokenizer_config.json"), "utf8").catch(() => "{}");
  const template = await readFile(join(folder, "chat_template.jinja"), "utf8").catch(() => undefined);
  try {
    return chatTemplate(JSON.parse(config), { template });
  } catch (error) {
    const reason = error instanceof Error ? error.message.replace(/^chatTemplate: /, "") : String(error);
    throw inputError(
      `conversations must have the chat template of the tokenizer in ${folder}: ${reason}`,
      error,
    );
  }
}
