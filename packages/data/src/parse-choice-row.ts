import { describe } from "@colm/array";
import type { RowKind } from "./numbered-rows.ts";
import { sourceOf } from "./parse-row.ts";
import type { ChoiceRow } from "./row.ts";

/** The fields that hold a question; `question` is put into the template as `instruction` is. */
const QUESTIONS = ["instruction", "question", "prompt"] as const;

/** Rows of multiple choice. */
export const choiceRows: RowKind<ChoiceRow> = {
  parse(value, rule, position) {
    if (typeof value !== "object" || value === null || Array.isArray(value)) {
      throw new TypeError(
        `readChoices: "source" must hold one object per row, got ${describe(value)} ${position}`,
      );
    }
    const fields = new Map<string, unknown>(Object.entries(value));
    const question = questionOf([...fields.keys()], position);
    const text = fields.get(question);
    if (typeof text !== "string") {
      throw new TypeError(`readChoices: "${question}" must be a string, got ${describe(text)} ${position}`);
    }
    const choices = choicesOf(fields.get("choices"), position);
    const answer = answerOf(fields.get("answer"), choices, position);
    const source = "name" in rule ? rule.name : sourceOf(fields, rule.field, position);
    return question === "prompt"
      ? { prompt: text, choices, answer, source }
      : { instruction: text, choices, answer, source };
  },
  columns(names, rule, position) {
    const wanted = [questionOf(names, position), "choices", "answer"];
    if ("field" in rule && names.includes(rule.field)) wanted.push(rule.field);
    return wanted;
  },
};

function questionOf(names: readonly string[], position: string): (typeof QUESTIONS)[number] {
  const question = QUESTIONS.find((name) => names.includes(name));
  if (question !== undefined && names.includes("choices") && names.includes("answer")) return question;
  throw new RangeError(
    `readChoices: "source" must hold rows { instruction, choices, answer } or { prompt, choices, answer }, got fields { ${names.join(", ")} } ${position}`,
  );
}

function choicesOf(value: unknown, position: string): string[] {
  if (!Array.isArray(value) || value.length < 2) {
    throw new TypeError(
      `readChoices: "choices" must be an array of at least 2 texts, got ${describe(value)} ${position}`,
    );
  }
  return value.map((choice: unknown) => {
    if (typeof choice === "string" && choice !== "") return choice;
    throw new TypeError(
      `readChoices: "choices" must hold texts of at least 1 character, got ${describe(choice)} ${position}`,
    );
  });
}

/** The place of the right choice, given as such, as its text, or as a letter, A for the first. */
function answerOf(value: unknown, choices: readonly string[], position: string): number {
  const place = typeof value === "string" ? placeOf(value, choices) : value;
  if (typeof place === "number" && Number.isInteger(place) && place >= 0 && place < choices.length) {
    return place;
  }
  throw new RangeError(
    `readChoices: "answer" must be a place in [0, ${choices.length - 1}], a letter or the text of a choice, got ${describe(value)} ${position}`,
  );
}

function placeOf(answer: string, choices: readonly string[]): number {
  const places = choices.flatMap((choice, place) => (choice === answer ? [place] : []));
  if (places.length > 0) return places.length === 1 ? places[0] : -1;
  return /^[A-Z]$/.test(answer) ? answer.charCodeAt(0) - 65 : -1;
}
