/** An instruction and its answer, put into words by a template. */
export interface InstructionRow {
  readonly instruction: string;
  readonly output: string;
  readonly source: string;
}

/** A finished prompt and what should follow it: no template is applied. */
export interface CompletionRow {
  readonly prompt: string;
  readonly completion: string;
  readonly source: string;
}

/** One turn of a conversation. Further fields (`name`, `tool_calls`, …) are passed to the chat template as they are. */
export interface Message {
  readonly role: string;
  readonly content: string;
  readonly [field: string]: unknown;
}

/** A conversation, put into words by a chat template; the turns of role `assistant` are learned. */
export interface MessagesRow {
  readonly messages: readonly Message[];
  readonly source: string;
}

/** Plain text, every token of which is learned. */
export interface TextRow {
  readonly text: string;
  readonly source: string;
}

/** Tokens and labels made elsewhere; a label of -100 is not learned. */
export interface TokenRow {
  readonly input_ids: readonly number[];
  readonly labels: readonly number[];
  readonly source: string;
}

/** One row of a data set, in any of the shapes that fine-tuning data comes in, with the source that it belongs to. */
export type Row = InstructionRow | CompletionRow | MessagesRow | TextRow | TokenRow;

/** A question and the choices that may follow it, of which the one at `answer` is right. */
export type ChoiceRow = (Pick<InstructionRow, "instruction"> | Pick<CompletionRow, "prompt">) & {
  /** At least two texts of at least one character. */
  readonly choices: readonly string[];
  /** A place in `choices`, from 0. */
  readonly answer: number;
  readonly source: string;
};
