import type { Example } from "@colm/data";
import { kernelArithmetic } from "@colm/lm-tfjs";
import type { RunRecord } from "@colm/report";
import { type TrainRun, trainingSources } from "@colm/trainer-tfjs";
import { version_core as tensorflow } from "@tensorflow/tfjs-core";
import type { RunHeader } from "./record-run.ts";

/** What {@link runHeader} cannot read from the run itself. */
export interface RunFacts {
  readonly name: string;
  readonly smallSources: readonly string[] | undefined;
  /** What was set beside what the run knows; shown, and compared to tell which runs are repetitions of one another. */
  readonly settings?: RunRecord["settings"];
  readonly backend: string;
  readonly environment: Readonly<Record<string, string | number>>;
  /** Held-out examples; their sources are listed even where no training example has them. */
  readonly heldOut?: readonly Example[] | undefined;
}

/** Everything a report says of a run before its first step. */
export async function runHeader(
  run: TrainRun,
  examples: readonly Example[],
  facts: RunFacts,
): Promise<RunHeader> {
  const { name, smallSources, settings: given = {}, backend, environment, heldOut = [] } = facts;
  const { pool, budget, method, seed, ...settings } = run.settings;
  const { names, counts, small } = await trainingSources(examples, smallSources);
  const sources = names.map((source, s) => ({ name: source, examples: counts[s], small: small[s] }));
  const others = new Set(heldOut.map(({ source }) => source).filter((source) => !names.includes(source)));
  return {
    name,
    method,
    pool,
    budget,
    seed,
    settings: { ...given, ...settings, examples: examples.length },
    environment: { ...environment, tensorflow, backend, arithmetic: kernelArithmetic() ?? "TensorFlow.js" },
    memory: memoryParts(run),
    everyWeightBytes: Math.round(run.memory.everyWeightBytes),
    sources: [...sources, ...[...others].map((source) => ({ name: source, examples: 0, small: false }))],
  };
}

/** The predicted bytes by what they hold; what stays and the peak are sums of these. */
function memoryParts({ memory }: TrainRun): NonNullable<RunRecord["memory"]> {
  const parts = memory.rows.filter(({ component }) => component !== "steady" && component !== "peak");
  return Object.fromEntries(parts.map(({ component, bytes }) => [component, Math.round(bytes)]));
}
