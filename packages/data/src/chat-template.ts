import { describe } from "@colm/array";
import { Template as Jinja } from "@huggingface/jinja";
import { type ChatText, MARKS, markedText, prefixText } from "./chat-text.ts";
import type { Message } from "./row.ts";

/** The words around a conversation, as a model's tokenizer brings them. */
export interface ChatTemplate {
  /** The text of messages; with `addGenerationPrompt` it ends where the assistant's next turn begins. */
  render(messages: readonly Message[], options?: { readonly addGenerationPrompt?: boolean }): string;
  /** The text of messages, and the parts of it that are learned. */
  learned(messages: readonly Message[]): ChatText;
}

/** What a chat template needs beside its text. */
export interface ChatTemplateOptions {
  /** The template itself, such as the content of `chat_template.jinja`; by default `chat_template` of the configuration. */
  readonly template?: string | undefined;
  /** Which one, where the configuration has several by name. Default `"default"`. */
  readonly name?: string | undefined;
  /** Further variables of the template, such as `{ enable_thinking: false, date_string: "1 Jan 2025" }`. */
  readonly variables?: Readonly<Record<string, unknown>> | undefined;
  /** What `strftime_now` of the template gives. Without it a template that asks for the date of today is refused. */
  readonly date?: string | undefined;
  /** Which turns of the assistant are learned: all of them (default), or the last one alone. */
  readonly turns?: "all" | "last" | undefined;
}

/**
 * The chat template of a tokenizer, `text = jinja(template, messages, special tokens)`.
 *
 * The learned part of a text are the assistant's turns, found in one of two ways. A template with `{% generation %}` says
 * itself what is learned: exactly what stands between these tags. For any other template the turn of message `k` is what
 * `render(messages before k, generation prompt)` lacks of `render(messages up to k)`; both must be beginnings of the
 * whole text. So the header of a turn is not learned and its end is, as the model has to write it.
 *
 * @param config - The parsed `tokenizer_config.json`: `chat_template` and the special tokens (`bos_token`, `eos_token`,
 *   …), each a string or `{ content }`. `{}` where there is none. Read, not kept.
 * @param options - The template where it stands in a file of its own, its name, its variables, the turns that are learned.
 * @returns The template, for `encode` and `render`. A row's messages are passed to it as they are.
 * @throws {TypeError} If `config` is no object or an option of another kind.
 * @throws {RangeError} If there is no template or it is no Jinja; in `render` and `learned`: if the template refuses the
 *   messages, writes the date of today and `date` is not given, or (in `learned`) writes earlier turns differently when
 *   later ones follow, so that a turn has no place of its own: then learn the last turn alone, or give a template with
 *   `{% generation %}`.
 * @remarks Rendered by `@huggingface/jinja`. Two renderings per learned turn, one in all with `{% generation %}`.
 * @example
 * const template = "{% for m in messages %}<{{ m.role }}>{{ m.content }}</s>{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
 * const chat = chatTemplate({ chat_template: template });
 * const messages = [{ role: "user", content: "1+1?" }, { role: "assistant", content: "2" }];
 * chat.render(messages.slice(0, 1), { addGenerationPrompt: true }); // => "<user>1+1?</s><assistant>"
 * chat.learned(messages); // => { text: "<user>1+1?</s><assistant>2</s>", spans: [[25, 30]] }
 */
export function chatTemplate(config: unknown, options: ChatTemplateOptions = {}): ChatTemplate {
  const { name = "default", variables = {}, date, turns = "all" } = options;
  if (typeof config !== "object" || config === null || Array.isArray(config)) {
    throw new TypeError(
      `chatTemplate: "config" must be a parsed tokenizer_config.json, got ${describe(config)}`,
    );
  }
  if (turns !== "all" && turns !== "last") {
    throw new RangeError(`chatTemplate: "turns" must be "all" or "last", got ${describe(turns)}`);
  }
  const fields = new Map<string, unknown>(Object.entries(config));
  const template = options.template ?? templateOf(fields.get("chat_template"), name);
  const settings = { ...specialTokens(fields), ...variables, [CLOCK]: () => date ?? noDate() };
  const compiled = compile(withClock(template));
  const render = (jinja: Jinja, messages: readonly Message[], addGenerationPrompt: boolean): string => {
    try {
      return jinja.render({ ...settings, messages, add_generation_prompt: addGenerationPrompt });
    } catch (cause) {
      if (cause instanceof RangeError && cause.message.startsWith("chatTemplate: ")) throw cause;
      throw refusal("messages", "must be such that the template can render them", cause);
    }
  };
  const marked = GENERATION.test(template) ? compile(markedTemplate(withClock(template))) : undefined;
  return {
    render: (messages, { addGenerationPrompt = false } = {}) =>
      render(compiled, messages, addGenerationPrompt),
    learned(messages) {
      const text = render(compiled, messages, false);
      if (marked !== undefined) return markedText(render(marked, messages, false), text, turns);
      return prefixText(text, messages, turns, (part, prompt) => render(compiled, part, prompt));
    },
  };
}

const CLOCK = "colm_date";
const GENERATION = /\{%-?\s*generation\s*-?%\}/;

const QUOTED = /"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*'/s.source;
const TAG = new RegExp(`\\{[{%](?:${QUOTED}|[^"'])*?[}%]\\}`, "gs");
const CALL = new RegExp(`${QUOTED}|\\bstrftime_now\\b`, "gs");

/** The template with a name of ours for the date of today, where it is a name: the text around tags and quoted text stay as they are. */
function withClock(template: string): string {
  return template.replace(TAG, (tag) =>
    tag.replace(CALL, (found) => (found === "strftime_now" ? CLOCK : found)),
  );
}

function noDate(): never {
  throw new RangeError(
    'chatTemplate: "date" must be given, as the template writes the date of today, got undefined',
  );
}

/** The template with marks for its `{% generation %}` tags, and the same control of white space around them. */
function markedTemplate(template: string): string {
  const mark = (tag: string, letter: string) => (text: string) =>
    text.replace(
      new RegExp(`\\{%(-?)\\s*${tag}\\s*(-?)%\\}`, "g"),
      (_, left: string, right: string) => `{%${left} if true %}{{ "${letter}" }}{% endif ${right}%}`,
    );
  return mark("endgeneration", MARKS[1])(mark("generation", MARKS[0])(template));
}

function compile(template: string): Jinja {
  try {
    return new Jinja(template);
  } catch (cause) {
    throw refusal("template", "must be a Jinja template", cause);
  }
}

function refusal(argument: string, condition: string, cause: unknown): RangeError {
  const [reason] = (cause instanceof Error ? cause.message : String(cause)).split("\n", 1);
  return new RangeError(`chatTemplate: "${argument}" ${condition}, got ${describe(reason)}`, { cause });
}

function templateOf(value: unknown, name: string): string {
  if (typeof value === "string") return value;
  const named = Array.isArray(value)
    ? value.find((entry: unknown) => fieldOf(entry, "name") === name)
    : undefined;
  const template = fieldOf(named, "template");
  if (typeof template === "string") return template;
  throw new RangeError(
    `chatTemplate: "config" must have a chat_template (or give { template }, where it stands in chat_template.jinja), got ${describe(value)}`,
  );
}

function specialTokens(fields: ReadonlyMap<string, unknown>): Record<string, string> {
  const tokens: Record<string, string> = {};
  for (const [name, value] of fields) {
    const token = typeof value === "string" ? value : fieldOf(value, "content");
    if (name.endsWith("_token") && typeof token === "string") tokens[name] = token;
  }
  return tokens;
}

function fieldOf(value: unknown, name: string): unknown {
  if (typeof value !== "object" || value === null) return undefined;
  return new Map<string, unknown>(Object.entries(value)).get(name);
}
