import { describe, expect, it } from "vitest";
import { chatTemplate, encode, type ReadExamplesOptions, readExamples } from "../src/index.ts";
import { all, lines, refusalOf, temporaryFolder } from "./files.ts";

const { write } = temporaryFolder();
const tokenizer = {
  encode: (text: string) => Array.from(text, (letter) => letter.codePointAt(0) ?? 0),
  eosId: 0,
};
const ALTERNATING =
  "{% for m in messages %}{% if (m.role == 'user') != (loop.index0 % 2 == 0) %}{{ raise_exception('roles must alternate') }}{% endif %}<{{ m.role }}>{{ m.content }}{% endfor %}{% if add_generation_prompt %}<assistant>{% endif %}";
const talk = (...roles: string[]) => ({
  messages: roles.map((role) => ({ role, content: "x" })),
  source: "s",
});

describe("readExamples", () => {
  it("gives each row with its example and its place", async () => {
    const row = { prompt: "1+1=", completion: "2", source: "sums" };
    const file = await write("rows.jsonl", `\n${lines(row)}`);
    expect(await all(readExamples(file, { tokenizer, maxLength: 5 }))).toEqual([
      { row, position: `${file}:2`, example: encode(row, tokenizer, undefined, { maxLength: 5 }) },
    ]);
  });

  it("says where a row stands that cannot be encoded, or reports it as a bad one", async () => {
    const file = await write("talk.jsonl", lines(talk("user", "assistant"), talk("assistant", "user")));
    const options: ReadExamplesOptions = {
      tokenizer,
      template: chatTemplate({ chat_template: ALTERNATING }),
    };
    const message =
      'chatTemplate: "messages" must be such that the template can render them, got "roles must alternate" at';
    expect(await refusalOf(all(readExamples(file, options)), file)).toBe(
      `RangeError: ${message} talk.jsonl:2`,
    );
    const bad: unknown[] = [];
    const good = await all(readExamples(file, { ...options, onBadRow: (row) => bad.push(row) }));
    expect(good).toHaveLength(1);
    expect(bad).toEqual([{ position: `${file}:2`, message: `${message} ${file}:2` }]);
  });

  it("refuses a file of which no row can be encoded", async () => {
    const file = await write("all.jsonl", lines(talk("assistant"), talk("assistant")));
    const template = chatTemplate({ chat_template: ALTERNATING });
    expect(await refusalOf(all(readExamples(file, { tokenizer, template, onBadRow: () => {} })), file)).toBe(
      'RangeError: readRows: "source" must hold at least one row, got 2 bad ones alone in all.jsonl',
    );
  });
});
