import { describe, expect, it } from "vitest";
import { chatTemplate, encode, type Message, render, templates } from "../src/index.ts";

/** As Qwen2 has it, without its default system message. */
const CHATML =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\n' + message['content'] + '<|im_end|>' + '\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\n' }}{% endif %}";
/** As Mistral has it: no header of the assistant's turn, an end token after it, and turns that must alternate. */
const INSTRUCT =
  "{{ bos_token }}{% for message in messages %}{% if (message['role'] == 'user') != (loop.index0 % 2 == 0) %}" +
  "{{ raise_exception('Conversation roles must alternate user/assistant/user/assistant/...') }}{% endif %}" +
  "{% if message['role'] == 'user' %}{{ '[INST] ' + message['content'] + ' [/INST]' }}" +
  "{% else %}{{ ' ' + message['content'] + eos_token }}{% endif %}{% endfor %}";
/** What stands between the tags is learned; line ends around blocks are removed, as Jinja is set up here. */
const MARKED = `{%- for message in messages %}
  {%- if message.role == "assistant" %}
<|im_start|>assistant
{% generation %}{{ message.content }}<|im_end|>{% endgeneration %}

  {%- else %}
<|im_start|>{{ message.role }}
{{ message.content }}<|im_end|>
  {%- endif %}
{%- endfor %}`;
/** Turns before the last one lose their thoughts, as with models that think. */
const FORGETFUL =
  "{% for m in messages %}<{{ m.role }}>{% if m.role == 'assistant' and loop.last %}<think></think>{% endif %}{{ m.content }}</s>{% endfor %}" +
  "{% if add_generation_prompt %}<assistant>{% endif %}";

const TALK: readonly Message[] = [
  { role: "system", content: "Be kind." },
  { role: "user", content: "1+1?" },
  { role: "assistant", content: "2" },
  { role: "user", content: "And 2+2?" },
  { role: "assistant", content: "4, dear." },
];

/** One token per letter, special tokens in one, and a beginning unless told otherwise. */
const tokenizer = {
  eosId: 2,
  encode(text: string, { addSpecialTokens = true } = {}): number[] {
    const ids = (text.match(/<\|im_start\|>|<\|im_end\|>|<s>|<\/s>|./gsu) ?? []).map((part) => {
      const special = ["<s>", "</s>", "<|im_start|>", "<|im_end|>"].indexOf(part);
      return special >= 0 ? special + 1 : (part.codePointAt(0) ?? 0) + 100;
    });
    return addSpecialTokens ? [1, ...ids] : ids;
  },
};
const written = (ids: Iterable<number>): string =>
  Array.from(ids, (id) =>
    id === -100
      ? "·"
      : (["", "<s>", "</s>", "<|im_start|>", "<|im_end|>"][id] ?? String.fromCodePoint(id - 100)),
  ).join("");
const learned = (labels: Int32Array): string[] =>
  written(labels)
    .split("·")
    .filter((part) => part !== "");

describe("chatTemplate", () => {
  it("renders a conversation, and one whose next turn is the assistant's", () => {
    const chat = chatTemplate({ chat_template: CHATML });
    expect(chat.render(TALK.slice(0, 2), { addGenerationPrompt: true })).toBe(
      "<|im_start|>system\nBe kind.<|im_end|>\n<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n",
    );
    expect(chat.render(TALK.slice(2, 3))).toBe("<|im_start|>assistant\n2<|im_end|>\n");
  });

  it("takes special tokens of either form, further variables, and one template of several", () => {
    const config = {
      bos_token: { content: "<s>", lstrip: false },
      eos_token: "</s>",
      chat_template: [
        { name: "default", template: INSTRUCT },
        { name: "tools", template: "{{ bos_token }}{{ mood }}{{ eos_token }}" },
      ],
    };
    const [, user, assistant] = TALK;
    expect(chatTemplate(config).render([user, assistant])).toBe("<s>[INST] 1+1? [/INST] 2</s>");
    expect(chatTemplate(config, { name: "tools", variables: { mood: "!" } }).render(TALK)).toBe("<s>!</s>");
    expect(chatTemplate(config, { template: "{{ messages | length }}" }).render(TALK)).toBe("5");
  });

  it("passes a message's further fields to the template", () => {
    const chat = chatTemplate(
      {},
      { template: "{% for m in messages %}{{ m.name }}:{{ m.content }};{% endfor %}" },
    );
    expect(chat.render([{ role: "user", content: "Hi", name: "Ann" }])).toBe("Ann:Hi;");
  });

  it("finds the assistant's turns between what the template writes before and after them", () => {
    const { text, spans } = chatTemplate({ chat_template: CHATML }).learned(TALK);
    expect(spans.map(([start, end]) => text.slice(start, end))).toEqual([
      "2<|im_end|>\n",
      "4, dear.<|im_end|>\n",
    ]);
    const last = chatTemplate({ chat_template: CHATML }, { turns: "last" }).learned(TALK);
    expect(last).toEqual({ text, spans: spans.slice(1) });
  });

  it("takes what stands between {% generation %} tags where there are any, and writes the same text", () => {
    const chat = chatTemplate({ chat_template: MARKED });
    const { text, spans } = chat.learned(TALK);
    expect(text).toBe(chat.render(TALK));
    expect(spans.map(([start, end]) => text.slice(start, end))).toEqual([
      "2<|im_end|>",
      "4, dear.<|im_end|>",
    ]);
    expect(chatTemplate({ chat_template: MARKED }, { turns: "last" }).learned(TALK).spans).toEqual(
      spans.slice(1),
    );
  });

  it("will not guess where a turn lies that is written differently when others follow", () => {
    expect(() => chatTemplate({ chat_template: FORGETFUL }).learned(TALK)).toThrow(
      new RangeError(
        'chatTemplate: "template" must write message 3 of 5 as it does when no other follows (or learn { turns: "last" }, or mark the turns by {% generation %}), got another text',
      ),
    );
    const { text, spans } = chatTemplate({ chat_template: FORGETFUL }, { turns: "last" }).learned(TALK);
    expect(spans.map(([start, end]) => text.slice(start, end))).toEqual(["<think></think>4, dear.</s>"]);
  });

  it("writes no date but the one that it is given", () => {
    const template = "{{ date_string if date_string is defined else strftime_now('%d %b %Y') }}";
    expect(() => chatTemplate({ chat_template: template }).render([])).toThrow(
      new RangeError(
        'chatTemplate: "date" must be given, as the template writes the date of today, got undefined',
      ),
    );
    expect(chatTemplate({ chat_template: template }, { date: "1 Jan 2025" }).render([])).toBe("1 Jan 2025");
    const variables = { date_string: "2 Jan 2025" };
    expect(chatTemplate({ chat_template: template }, { variables }).render([])).toBe("2 Jan 2025");
  });

  it("leaves text that happens to be called like the date as it is", () => {
    const template = `strftime_now {{ "strftime_now" ~ '}}' ~ strftime_now('%Y') }} {# strftime_now #}{% set a = strftime_now("") %}{{ a }}`;
    expect(chatTemplate({ chat_template: template }, { date: "2025" }).render([])).toBe(
      "strftime_now strftime_now}}2025 2025",
    );
  });

  it("says what a template is refused for, and what it refuses", () => {
    expect(() => chatTemplate({})).toThrow(
      new RangeError(
        'chatTemplate: "config" must have a chat_template (or give { template }, where it stands in chat_template.jinja), got undefined',
      ),
    );
    expect(() => chatTemplate("config.json")).toThrow(
      new TypeError('chatTemplate: "config" must be a parsed tokenizer_config.json, got "config.json"'),
    );
    expect(() => chatTemplate({ chat_template: "{% for m in %}" })).toThrow(
      /^chatTemplate: "template" must be a Jinja template, got /,
    );
    expect(() => chatTemplate({ chat_template: INSTRUCT }).render(TALK)).toThrow(
      new RangeError(
        'chatTemplate: "messages" must be such that the template can render them, got "Conversation roles must alternate user/assistant/user/assistant/..."',
      ),
    );
  });
});

describe("encode of conversations", () => {
  const row = { messages: TALK, source: "talk" };

  it("learns the assistant's turns and nothing else, and adds no special tokens", () => {
    const { inputIds, labels, source, truncated } = encode(
      row,
      tokenizer,
      chatTemplate({ chat_template: CHATML }),
    );
    expect(written(inputIds)).toBe(chatTemplate({ chat_template: CHATML }).render(TALK));
    expect(learned(labels)).toEqual(["2<|im_end|>\n", "4, dear.<|im_end|>\n"]);
    expect({ source, truncated }).toEqual({ source: "talk", truncated: 0 });
    for (const [t, label] of labels.entries()) expect(label === -100 || label === inputIds[t]).toBe(true);
  });

  it("learns what a template marks", () => {
    const { labels } = encode(row, tokenizer, chatTemplate({ chat_template: MARKED }));
    expect(learned(labels)).toEqual(["2<|im_end|>", "4, dear.<|im_end|>"]);
  });

  it("learns a token that begins inside of a turn's border and not one that ends beyond it", () => {
    // "] " and "4," are tokens of their own: the first holds the end of the header, and differs without what follows
    const pairs = {
      encode: (text: string) =>
        (text.match(/\] |. |./gsu) ?? []).map((part) =>
          Number(Buffer.from(part).toString("hex").slice(0, 4).padStart(4, "0").replace(/[a-f]/g, "9")),
        ),
    };
    const chat = chatTemplate(
      {},
      {
        template:
          "{% for m in messages %}{% if m.role == 'user' %}[{{ m.content }}]{% else %} {{ m.content }}{% endif %}{% endfor %}",
      },
    );
    const messages = [
      { role: "user", content: "a" },
      { role: "assistant", content: "b" },
      { role: "user", content: "c" },
    ];
    // tokens: "[", "a", "] ", "b", "[", "c", "]"
    const { labels } = encode({ messages, source: "s" }, pairs, chat);
    expect([...labels].map((label) => label !== -100)).toEqual([
      false,
      false,
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  it("makes an instruction a conversation of two turns, and leaves other rows alone", () => {
    const chat = chatTemplate({ chat_template: CHATML });
    const instruction = { instruction: "1+1?", output: "2", source: "sums" };
    expect(written(encode(instruction, tokenizer, chat).inputIds)).toBe(
      "<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n2<|im_end|>\n",
    );
    const finished = { prompt: "1+1=", completion: "2", source: "sums" };
    expect(encode(finished, tokenizer, chat)).toEqual(encode(finished, tokenizer));
    expect(render(instruction, chat)).toEqual({
      prompt: "<|im_start|>user\n1+1?<|im_end|>\n<|im_start|>assistant\n",
      completion: "2<|im_end|>\n",
    });
    expect(render(row, chat).completion).toBe("4, dear.<|im_end|>\n");
  });

  it("cuts long conversations at their end", () => {
    const { labels, truncated } = encode(row, tokenizer, chatTemplate({ chat_template: CHATML }), {
      maxLength: 40,
    });
    expect(labels).toHaveLength(40);
    expect(truncated).toBeGreaterThan(0);
  });

  it("needs a chat template", () => {
    const message =
      "must be a chat template (chatTemplate) for rows of messages, got one of prompt and completion";
    expect(() => encode(row, tokenizer)).toThrow(new RangeError(`encode: "template" ${message}`));
    expect(() => render(row, templates.alpaca)).toThrow(new RangeError(`render: "template" ${message}`));
  });
});
