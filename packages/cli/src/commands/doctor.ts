import { commonOptions, progressOf, writeResult } from "../common-options.ts";
import { backendRows } from "../doctor/backends.ts";
import { kernelRows } from "../doctor/kernels.ts";
import { availableMemory, machineRows } from "../doctor/machine.ts";
import { modelRows } from "../doctor/model.ts";
import type { Row } from "../doctor/row.ts";
import { inputError } from "../input-error.ts";
import type { Command, Io } from "../io.ts";
import { parseBytes } from "../memory/parse-bytes.ts";
import { modelOptions, openModel } from "../open-model.ts";
import { type Options, type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { type Paint, paint } from "../paint.ts";

const table: OptionTable = {
  ...modelOptions,
  "max-length": {
    value: "N",
    kind: "integer",
    help: "tokens of an example, for what fits (default 512, or the model's positions)",
  },
  memory: {
    value: "SIZE",
    help: "bytes that may be used, for what fits, e.g. 8GB (default: what is available)",
  },
  ...commonOptions,
};

/** `colm doctor` */
export const doctorCommand: Command = {
  help: `colm doctor: what this machine can do, measured here and now

  colm doctor [--model DIR] [options]

Node, memory, WebAssembly; every TensorFlow.js back end: a product, its speed, and the backward pass of a small model
against a difference of losses; every gpu.js kernel against its definition. With --model: its size, and what batch fits.
Lines begin with ok, or with FAILED, or with - where nothing is asked. Exit code 1 when anything failed.

${optionHelp(table)}

Examples:
  colm doctor
  colm doctor --model llama --memory 8GB --max-length 512
  colm doctor --json
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    const progress = progressOf(options, io);
    const rows: Row[] = [];
    const paints = paint(io, io.stdout);
    const stages = [
      () => machineRows(),
      () => backendRows(io),
      () => kernelRows(io),
      () => rowsOfModel(options, io),
    ];
    for (const stage of stages) {
      io.signal.throwIfAborted();
      const found = await stage();
      rows.push(...found);
      // shown as they come: some take a while
      if (!options.flag("json")) for (const row of found) progress.note(rowLine(row, paints));
    }
    const failed = rows.filter(({ ok }) => ok === false).length;
    const verdict = failed === 0 ? "everything works" : `${failed} failed`;
    writeResult(options, io, { ok: failed === 0, rows }, verdict);
    return failed === 0 ? 0 : 1;
  },
};

async function rowsOfModel(options: Options, io: Io): Promise<Row[]> {
  if (options.text("model") === undefined) {
    const stray = ["adapter", "max-length", "memory"].find((name) => options.text(name) !== undefined);
    if (stray !== undefined) throw inputError(`--${stray} must go with --model`);
    return [{ area: "model", name: "what fits", found: "give --model DIR to measure it", ok: null }];
  }
  const { model } = await openModel(options, io);
  const { maxPositionEmbeddings: positions } = model.config;
  model.dispose();
  const length = options.number("max-length") ?? Math.min(512, positions);
  if (!Number.isInteger(length) || length < 2 || length > positions) {
    throw inputError(
      `--max-length must be an integer in [2, ${positions}] (the model's positions), got ${length}`,
    );
  }
  const memory = options.text("memory");
  const limit =
    memory === undefined ? availableMemory() + process.memoryUsage.rss() : parseBytes("--memory", memory);
  return modelRows({
    openModel: async () => (await openModel(options, io)).model,
    length,
    limit,
    signal: io.signal,
  });
}

function rowLine({ area, name, found, ok }: Row, { good, bad, quiet }: Paint): string {
  const mark = ok === null ? quiet("-     ") : ok ? good("ok    ") : bad("FAILED");
  return `${mark} ${area.padEnd(10)} ${name.padEnd(26)} ${found}`;
}
