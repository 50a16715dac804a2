import { commonOptions } from "../common-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { outputOf } from "../output-option.ts";
import { answerFrames } from "../select/answer-frames.ts";
import { choiceOptions, choiceSettings, methods } from "../select/choice-options.ts";
import { chooser } from "../select/chooser.ts";
import { readPool } from "../select/read-pool.ts";
import type { Sources } from "../select/sources.ts";
import { writeWhole } from "../write-whole.ts";

const table: OptionTable = {
  features: {
    value: "FILE",
    help: "a row each: .npy, .safetensors (read as float32), .parquet, .jsonl; - for standard input",
  },
  tensor: {
    value: "NAME",
    help: "their name: of a tensor, a column of lists, or a field of lists (default features)",
  },
  sources: { value: "FILE", help: "a source for each example, natural numbers or texts: .json or .npy" },
  "sources-tensor": {
    value: "NAME",
    help: "the sources' name in the same file; in .safetensors natural numbers",
  },
  ...choiceOptions,
  output: { value: "FILE", help: "where the JSON goes (default: standard output)" },
  frames: { help: "read pools from standard input and answer each on standard output" },
  ...commonOptions,
};

/** `colm select` */
export const selectCommand: Command = {
  help: `colm select: choose examples by their features, with weights, for a trainer of any kind

  colm select --features FILE --budget N [--sources FILE] [options]
  colm select --frames --budget N [options]

Writes {"indices": [...], "weights": [...], "kept": N, "selected": {SOURCE: N}}: rows in selection order, counted from
0, those of small sources first; the weights' sum is their number.

Methods: ${methods.slice(0, 6).join(", ")},
${methods.slice(6).join(", ")}.
official takes the features for gradients, and normalises them by the gradients chosen before.

${optionHelp(table)}

Frames: with --frames many pools go over one pipe, and the history (step, moments) goes from one to the next.
  request  "COLM", uint32 length, so many bytes of JSON {"n", "d", "dtype", "sources"}, then n * d numbers row by row
  answer   "COLM", uint32 length, so many bytes of JSON, the same as above
Numbers are little-endian; dtype is float32 or float64; sources, an array as above, may be left out. The program ends
when its standard input does. A wrong frame is one line on standard error and exit code 2; the answers before it stand.

Examples:
  colm select --features gradients.npy --sources sources.json --small-sources rare --budget 64 --output chosen.json
  colm select --features pool.safetensors --sources-tensor sources --method grad-match --budget 64
  colm select --features pool.parquet --tensor embedding --sources-tensor source --small-sources rare --budget 64
  make-features | colm select --features - --budget 64
  colm select --frames --budget 64 --method official
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    const settings = choiceSettings(options);
    if (options.flag("frames")) {
      if (options.flag("json"))
        throw inputError("--json must not be given with --frames, whose answers are bytes");
      const fixed = ["features", "tensor", "sources", "sources-tensor", "output"];
      const stray = fixed.find((name) => options.text(name) !== undefined);
      if (stray !== undefined) throw inputError(`--${stray} must not be given with --frames`);
      if (io.pipe === undefined) throw inputError("--frames must have a standard input, got none");
      return answerFrames(settings, io.pipe, io);
    }
    const output = outputOf(options);
    const pool = await readPool(
      {
        features: options.required("features"),
        tensor: options.text("tensor") ?? "features",
        sources: options.text("sources"),
        sourcesTensor: options.text("sources-tensor"),
      },
      io.pipe?.input,
    );
    requireKnown(settings.smallSources, pool.sources);
    const [n] = pool.features.shape;
    if (settings.budget > n) {
      throw inputError(`--budget must be at most the ${n} rows of features, got ${settings.budget}`);
    }
    const answer = await chooser(settings).choose(pool);
    const text = `${JSON.stringify(answer)}\n`;
    if (output === undefined) {
      io.stdout.write(text);
      return 0;
    }
    await writeWhole(output, text);
    const { indices, kept, selected } = answer;
    if (options.flag("json"))
      io.stdout.write(`${JSON.stringify({ output, count: indices.length, kept, selected })}\n`);
    return 0;
  },
};

function requireKnown(smallSources: readonly string[], sources: Sources | undefined): void {
  if (smallSources.length === 0) return;
  if (sources === undefined) throw inputError("--sources FILE must be given with --small-sources");
  const unknown = smallSources.find((name) => !sources.names.includes(name));
  if (unknown === undefined) return;
  throw inputError(
    `--small-sources must name sources of the data (${sources.names.join(", ")}), got "${unknown}"`,
  );
}
