import {
  type ChatTemplate,
  type DataFormat,
  parseTemplate,
  type SourceRule,
  type Template,
} from "@colm/data";
import { inputError } from "./input-error.ts";
import type { Options, OptionTable } from "./option-table.ts";

const formats = ["jsonl", "parquet", "text"] as const;
const places = ["file", "none"] as const;
const packings = ["on", "off"] as const;

/** Options of every command that puts words around rows. */
export const templateOption: OptionTable = {
  template: {
    value: "TEXT",
    help: 'plain (default), alpaca, chat, or a pattern like "{instruction} ={output}"',
  },
};

/** Options of every command that reads rows. */
export const dataOptions: OptionTable = {
  format: {
    value: "NAME",
    choices: formats,
    help: "jsonl, parquet, text (default: what the file's name says)",
  },
  ...templateOption,
  "max-length": {
    value: "N",
    kind: "integer",
    help: "tokens of an example, or of a packed chunk, at most (default 512)",
  },
  packing: {
    value: "SWITCH",
    choices: packings,
    help: "put rows one after another in chunks of one source: on, off (default)",
  },
  source: { value: "NAME", help: "one source for all rows, when they name none" },
  "source-field": { value: "NAME", help: "the field that names a row's source (default source)" },
  "source-from": {
    value: "PLACE",
    choices: places,
    help: "file: each file is a source; none: all rows are one",
  },
  "skip-bad-rows": { help: "pass over rows that cannot be used, and say how many" },
};

/** How rows are read and cut. */
export interface DataSettings {
  /** Undefined where it was not given: rows of messages then have the tokenizer's chat template, others the plain one. */
  readonly template: Template | "chat" | undefined;
  readonly maxLength: number;
  /** Whether rows stand one after another in chunks of `maxLength` tokens. */
  readonly packing: boolean;
  readonly source: SourceRule;
  readonly format: DataFormat | undefined;
  readonly skipBadRows: boolean;
}

/** The words around rows: a template, or the tokenizer's own for conversations. */
export type RowTemplate = Template | ChatTemplate;

/** What the options say of rows. */
export function dataSettings(options: Options, positions: number): DataSettings {
  const maxLength = options.number("max-length") ?? Math.min(512, positions);
  if (!Number.isInteger(maxLength) || maxLength < 2 || maxLength > positions) {
    throw inputError(
      `--max-length must be an integer in [2, ${positions}] (the model's positions), got ${maxLength}`,
    );
  }
  const name = options.text("template");
  const packing = options.choice("packing", packings) ?? (options.flag("from-scratch") ? "on" : "off");
  return {
    template: name === undefined || name === "chat" ? name : parseTemplate(name),
    maxLength,
    packing: packing === "on",
    source: sourceRule(options),
    format: options.choice("format", formats),
    skipBadRows: options.flag("skip-bad-rows"),
  };
}

function sourceRule(options: Options): SourceRule {
  const given = ["source", "source-field", "source-from"].filter((name) => options.text(name) !== undefined);
  if (given.length > 1) throw inputError(`--${given[0]} and --${given[1]} must not both be given`);
  const place = options.choice("source-from", places);
  if (place !== undefined) return place;
  const name = options.text("source");
  return name === undefined ? { field: options.text("source-field") ?? "source" } : { name };
}
