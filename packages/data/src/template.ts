import { describe } from "@colm/array";
import type { ChatTemplate } from "./chat-template.ts";
import type { InstructionRow, Message, MessagesRow, Row, TokenRow } from "./row.ts";

/** The words around a row: `{instruction}` in the prompt and `{output}` in the completion stand for its fields. */
export interface Template {
  readonly prompt: string;
  readonly completion: string;
}

/** What a model reads, and what it should write after it. */
export interface Rendered {
  readonly prompt: string;
  readonly completion: string;
}

const PLAIN: Template = { prompt: "Q: {instruction}\nA:", completion: " {output}" };

const ALPACA: Template = {
  prompt:
    "Below is an instruction that describes a task. Write a response that appropriately completes the request." +
    "\n\n### Instruction:\n{instruction}\n\n### Response:\n",
  completion: "{output}",
};

/** The templates with a name: `plain`, four tokens around the row, and `alpaca`, the words of Stanford's Alpaca. */
export const templates: Readonly<Record<"plain" | "alpaca", Template>> = { plain: PLAIN, alpaca: ALPACA };

/**
 * A template by name or written out, `prompt + "{output}"`.
 *
 * @param text - `"plain"`, `"alpaca"`, or a pattern with `{instruction}` once and, after it, `{output}` once at the end;
 *   white space before `{output}` belongs to the completion, as most tokenizers join it to the word that follows.
 * @returns The template.
 * @throws {TypeError} If `text` is no string.
 * @throws {RangeError} If it is neither a name nor such a pattern.
 * @example
 * parseTemplate("{instruction} = {output}"); // => { prompt: "{instruction} =", completion: " {output}" }
 */
export function parseTemplate(text: string): Template {
  if (typeof text !== "string") {
    throw new TypeError(`parseTemplate: "text" must be a string, got ${describe(text)}`);
  }
  if (text === "plain" || text === "alpaca") return templates[text];
  const pattern =
    /^((?:(?!\{output\}).)*\{instruction\}(?:(?!\{instruction\}|\{output\}).)*?)([ \t]*\{output\})$/s;
  const [, prompt, completion] = pattern.exec(text) ?? [];
  if (prompt === undefined || prompt.split("{instruction}").length !== 2) {
    throw new RangeError(
      `parseTemplate: "text" must be plain, alpaca or a pattern with {instruction} once and {output} once at its end, got ${describe(text)}`,
    );
  }
  return { prompt, completion };
}

/**
 * Puts a row into words, `prompt(instruction)` and `completion(output)`.
 *
 * @param row - Any row but one of tokens. Rows of prompt and completion stay as they are; text is all completion.
 * @param template - `templates.plain` by default. A chat template makes an instruction a turn of the user and its output
 *   one of the assistant; of messages it makes what stands before the assistant's last turn the prompt.
 * @returns The two texts.
 * @throws {RangeError} If messages come without a chat template, or the template cannot render them.
 * @example
 * render({ instruction: "What is 7 + 5?", output: "12", source: "sums" }).prompt; // => "Q: What is 7 + 5?\nA:"
 */
export function render(row: Exclude<Row, TokenRow>, template: Template | ChatTemplate = PLAIN): Rendered {
  if ("text" in row) return { prompt: "", completion: row.text };
  if ("prompt" in row) return { prompt: row.prompt, completion: row.completion };
  if ("render" in template) return renderChat(messagesOf(row), template);
  if ("messages" in row) throw noChatTemplate("render");
  return {
    prompt: template.prompt.replace("{instruction}", () => row.instruction),
    completion: template.completion.replace("{output}", () => row.output),
  };
}

/** A row as messages. */
export function messagesOf(row: InstructionRow | MessagesRow): readonly Message[] {
  if ("messages" in row) return row.messages;
  return [
    { role: "user", content: row.instruction },
    { role: "assistant", content: row.output },
  ];
}

/** The refusal of a row of messages for which there are no words. */
export function noChatTemplate(caller: string): RangeError {
  return new RangeError(
    `${caller}: "template" must be a chat template (chatTemplate) for rows of messages, got one of prompt and completion`,
  );
}

function renderChat(messages: readonly Message[], template: ChatTemplate): Rendered {
  const last = messages.findLastIndex(({ role }) => role === "assistant");
  const prompt = template.render(messages.slice(0, last), { addGenerationPrompt: true });
  const text = template.render(messages.slice(0, last + 1));
  if (last >= 0 && text.startsWith(prompt)) return { prompt, completion: text.slice(prompt.length) };
  throw new RangeError(
    'render: "template" must write the generation prompt as it writes the beginning of the last turn, got another text',
  );
}
