import { trainTable } from "../src/commands/train-table.ts";
import { configurable } from "../src/config-file.ts";
import type { OptionSpec } from "../src/option-table.ts";

/** The JSON schema of config files, from the table of options. */
export function trainSchema(): object {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Settings of colm train",
    description:
      "Options of `colm train` with underscores in their names. What is on the command line counts before them.",
    type: "object",
    additionalProperties: false,
    properties: {
      $schema: { type: "string" },
      ...Object.fromEntries(
        configurable(trainTable).map(([name, spec]) => [name.replaceAll("-", "_"), property(spec)]),
      ),
    },
  };
}

function property({ value, kind = "text", choices, help }: OptionSpec): object {
  const description = help;
  if (value === undefined) return { description, type: "boolean" };
  if (choices !== undefined) return { description, enum: choices };
  if (kind === "list") {
    return {
      description,
      anyOf: [{ type: "string" }, { type: "array", items: { type: "string", pattern: "^[^,]*$" } }],
    };
  }
  return { description, type: kind === "scalar" ? ["string", "number"] : kind === "text" ? "string" : kind };
}
