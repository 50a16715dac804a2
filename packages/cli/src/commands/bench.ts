import { type TrainSettings, train } from "@colm/trainer-tfjs";
import { commonOptions, progressOf, writeResult } from "../common-options.ts";
import { inputError } from "../input-error.ts";
import type { Command } from "../io.ts";
import { loadData } from "../load-data.ts";
import { openModel } from "../open-model.ts";
import { type OptionTable, optionHelp, parseOptions } from "../option-table.ts";
import { selectionKernels } from "../selection-kernels.ts";
import { textTable } from "../text-table.ts";
import { trainerSettings } from "./train-options.ts";
import { trainTable } from "./train-table.ts";

/** Settings of a step; those of runs, evaluations and files are left out. */
const STEP = Object.entries(trainTable).filter(
  ([name]) =>
    !/^(validation|max-steps|num-train-epochs|max-minutes|early-|metric-for|load-best|per-device-eval|eval-|save-|logging-|report-to|output|resume|config|memory|json)/.test(
      name,
    ),
);

const table: OptionTable = {
  ...Object.fromEntries(STEP),
  steps: {
    value: "N",
    kind: "integer",
    section: "Measurement",
    help: "steps timed for each line, after one that warms up (default 3)",
  },
  ...commonOptions,
};

/** One way to make a step, measured. */
interface Measured {
  readonly name: string;
  readonly method: string;
  readonly pool: number;
  readonly budget: number;
  /** Medians over the steps. */
  readonly seconds: number;
  readonly selectionSeconds: number;
  readonly trainingSeconds: number;
  /** What the arithmetic alone would take at the best rate seen; null where there was no rate. */
  readonly idealSeconds: number | null;
  /** The most tensor bytes of any step, the model's own included; null with worker threads, whose bytes are not measured. */
  readonly peakBytes: number | null;
}

/** `colm bench` */
export const benchCommand: Command = {
  help: `colm bench: seconds and peak memory of one step, on your model and data

  colm bench --model DIR --data FILE [options]

Measured, each from a fresh model, on the same pools of your data:
  full    a step on all examples of the pool, chosen by nobody
  budget  a step on as many as the budget, at random: what selection cannot beat in time
  kept    the same with small sources kept (keep-random)
  METHOD  a step that chooses the budget from the pool by --method (default colm)
Seconds are medians of wall time; ideal is what the arithmetic alone would take, without padding, at the best rate seen;
bytes are the most that tensors held at once, the model's own among them; with --workers they are not measured.

${optionHelp(table)}

Examples:
  colm bench --model llama --data train.jsonl --pool 128 --budget 64
  colm bench --model llama --data train.jsonl --gradient-checkpointing --steps 5 --json
`,
  async run(argv, io) {
    const options = parseOptions(argv, table);
    const steps = options.number("steps") ?? 3;
    if (!Number.isSafeInteger(steps) || steps < 1) {
      throw inputError(`--steps must be an integer of at least 1, got ${steps}`);
    }
    options.required("data");
    const progress = progressOf(options, io);
    const opened = await openModel(options, io);
    const { examples } = await loadData("data", opened, options, progress);
    opened.model.dispose();
    const kernels = await selectionKernels(options);
    const given = trainerSettings(options);
    const settings = { ...given, selection: { ...given.selection, kernels } };
    const { pool = 128, budget = 64, method = "colm" } = settings;
    const ways = [
      { name: "full", method: "random", pool, budget: pool },
      { name: "budget", method: "random", pool, budget },
      { name: "kept", method: "keep-random", pool, budget },
      ...(method === "random" || method === "keep-random" ? [] : [{ name: method, method, pool, budget }]),
    ] as const;
    const rows: Measured[] = [];
    for (const way of ways) {
      progress.show(`measuring ${way.name}`, false);
      const { model } = await openModel(options, io);
      try {
        const { name, ...choice } = way;
        const run = train({
          ...settings,
          ...choice,
          ...(name === method ? {} : { selection: controlSelection(settings) }),
          model,
          trainDataset: examples,
          maxSteps: steps + 1,
          signal: io.signal,
          now: io.now,
        });
        const row = await measured(way, run);
        rows.push((settings.workers ?? 0) === 0 ? row : { ...row, peakBytes: null });
        io.signal.throwIfAborted();
      } finally {
        model.dispose();
      }
    }
    await kernels?.dispose();
    progress.done();
    const [full] = rows;
    const value = {
      steps,
      rows: rows.map((row) => ({
        ...row,
        secondsOfFull: row.seconds / full.seconds,
        bytesOfFull: bytesOf(row, full),
      })),
    };
    writeResult(options, io, value, benchTable(rows, { pool, budget, steps }));
    return 0;
  },
};

/** What of the selection's settings concerns the controls: which sources are small, and who stays. */
function controlSelection({ selection = {} }: TrainSettings): NonNullable<TrainSettings["selection"]> {
  const { overflow, mass, boundary } = selection;
  return { overflow, mass, boundary };
}

/** The share of the bytes of a step on the whole pool. */
function bytesOf({ peakBytes }: Measured, full: Measured): number | null {
  return peakBytes === null || full.peakBytes === null ? null : peakBytes / full.peakBytes;
}

async function measured(
  way: Pick<Measured, "name" | "method" | "pool" | "budget">,
  run: ReturnType<typeof train>,
): Promise<Measured> {
  const selection: number[] = [];
  const training: number[] = [];
  const ideal: number[] = [];
  let peakBytes = 0;
  for await (const event of run) {
    if (event.type !== "step") continue;
    peakBytes = Math.max(peakBytes, event.peakBytes);
    // the first step compiles and warms up
    if (event.step === 1) continue;
    selection.push(event.seconds.selection);
    training.push(event.seconds.training + event.seconds.optimizer);
    if (event.time.ideal !== null) {
      ideal.push(Object.values(event.time.ideal).reduce((sum: number, part: number) => sum + part, 0));
    }
  }
  const seconds = median(selection.map((each, i) => each + training[i]));
  return {
    ...way,
    seconds,
    selectionSeconds: median(selection),
    trainingSeconds: median(training),
    idealSeconds: ideal.length === 0 ? null : median(ideal),
    peakBytes,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

function benchTable(
  rows: readonly Measured[],
  { pool, budget, steps }: { readonly pool: number; readonly budget: number; readonly steps: number },
): string {
  const [full] = rows;
  const lines = rows.map((row) => {
    const {
      name,
      budget: trained,
      seconds,
      selectionSeconds,
      trainingSeconds,
      idealSeconds,
      peakBytes,
    } = row;
    return [
      name,
      String(trained),
      seconds.toFixed(3),
      selectionSeconds.toFixed(3),
      trainingSeconds.toFixed(3),
      idealSeconds === null ? "-" : idealSeconds.toFixed(3),
      (seconds / full.seconds).toFixed(2),
      peakBytes === null ? "-" : (peakBytes / 1e6).toFixed(1),
      bytesOf(row, full)?.toFixed(2) ?? "-",
    ];
  });
  const heads = [
    "one step",
    "trained on",
    "seconds",
    "selection",
    "training",
    "ideal",
    "of full",
    "peak MB",
    "of full",
  ];
  return `${textTable(heads, lines)}\n\npool ${pool}, budget ${budget}; medians of ${steps} steps after one that warms up`;
}
