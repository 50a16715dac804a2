import { parseTemplate, type SourceRule, type Template } from "@colm/data";
import { inputError } from "./input-error.ts";
import type { Options, OptionTable } from "./option-table.ts";

/** Options of every command that reads rows. */
export const dataOptions: OptionTable = {
  template: { value: "TEXT", help: 'plain (default), alpaca, or a pattern like "{instruction} ={output}"' },
  "max-length": { value: "N", help: "tokens of an example at most (default 512)" },
  source: { value: "NAME", help: "one source for all rows, when they name none" },
  "source-field": { value: "NAME", help: "the field that names a row's source (default source)" },
};

/** The template, length and source rule that the options give. */
export function dataSettings(
  options: Options,
  positions: number,
): {
  readonly template: Template;
  readonly maxLength: number;
  readonly source: SourceRule;
} {
  const name = options.text("source");
  const field = options.text("source-field") ?? "source";
  const maxLength = options.number("max-length") ?? Math.min(512, positions);
  if (!Number.isInteger(maxLength) || maxLength < 2 || maxLength > positions) {
    throw inputError(
      `--max-length must be an integer in [2, ${positions}] (the model's positions), got ${maxLength}`,
    );
  }
  return {
    template: parseTemplate(options.text("template") ?? "plain"),
    maxLength,
    source: name === undefined ? { field } : { name },
  };
}
