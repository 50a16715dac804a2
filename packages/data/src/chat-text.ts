import type { Message } from "./row.ts";

/** A conversation in words: letters `start … end - 1` of each span are learned. Spans are in order and apart. */
export interface ChatText {
  readonly text: string;
  readonly spans: readonly (readonly [start: number, end: number])[];
}

/** Letters for the two `{% generation %}` tags: Unicode promises that no text has them. */
export const MARKS: readonly [string, string] = ["\uFDD0", "\uFDD1"];

/** Spans of a text in which marks stand where they begin and end. */
export function markedText(marked: string, text: string, turns: "all" | "last"): ChatText {
  const parts = marked.split(new RegExp(`[${MARKS.join("")}]`));
  const spans: [number, number][] = [];
  let place = 0;
  for (const [i, part] of parts.entries()) {
    if (i % 2 === 1) spans.push([place, place + part.length]);
    place += part.length;
  }
  if (parts.join("") !== text || parts.length % 2 === 0) {
    throw new RangeError(
      'chatTemplate: "template" must put {% generation %} around text that it writes the same way without, got another text',
    );
  }
  return { text, spans: turns === "last" ? spans.slice(-1) : spans };
}

/** Spans of a text of which every turn of the assistant begins and ends where a rendering of the messages so far ends. */
export function prefixText(
  text: string,
  messages: readonly Message[],
  turns: "all" | "last",
  render: (messages: readonly Message[], prompt: boolean) => string,
): ChatText {
  const places = messages.flatMap(({ role }, k) => (role === "assistant" ? [k] : []));
  const spans = (turns === "last" ? places.slice(-1) : places).map((k): [number, number] => {
    const before = render(messages.slice(0, k), true);
    const upTo = k === messages.length - 1 ? text : render(messages.slice(0, k + 1), false);
    if (text.startsWith(before) && text.startsWith(upTo) && before.length <= upTo.length) {
      return [before.length, upTo.length];
    }
    throw new RangeError(
      `chatTemplate: "template" must write message ${k + 1} of ${messages.length} as it does when no other follows (or learn { turns: "last" }, or mark the turns by {% generation %}), got another text`,
    );
  });
  return { text, spans };
}
