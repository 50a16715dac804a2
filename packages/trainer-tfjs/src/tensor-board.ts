import type { FileHandle } from "node:fs/promises";
import type { OpenSink } from "./sinks.ts";
import { encodeSummaryEvent, type SummaryEvent } from "./summary-event.ts";
import { tfRecord } from "./tf-record.ts";
import type { TrainEvent } from "./train-events.ts";

/** Settings of {@link tensorBoard}. */
export interface TensorBoardOptions {
  /** The update that a resumed run goes on from; what TensorBoard knows of later ones is forgotten. Default: a new run. */
  readonly resumedAt?: number | undefined;
  /** Milliseconds since 1970. Default `Date.now`. */
  readonly clock?: (() => number) | undefined;
}

/**
 * A sink that writes a TensorBoard event file: losses, rates and seconds of updates, held-out means of evaluations.
 *
 * @param folder - Gets one file `events.out.tfevents.…` for each run; made where it is missing. Node.js only.
 * @param options - Where a resumed run goes on, and a clock.
 * @returns The sink; nothing is opened before the first event.
 */
export function tensorBoard(folder: string, options: TensorBoardOptions = {}): OpenSink {
  const { resumedAt, clock = () => Date.now() } = options;
  let file: FileHandle | undefined;
  const write = async (event: Omit<SummaryEvent, "wallTime">): Promise<void> => {
    await file?.appendFile(tfRecord(encodeSummaryEvent({ wallTime: clock() / 1000, ...event })));
  };
  return {
    async write(event) {
      const scalars = scalarsOf(event);
      if (scalars === undefined) return;
      if (file === undefined) {
        file = await openFile(folder, clock());
        await write({ step: 0, fileVersion: "brain.Event:2" });
        if (resumedAt !== undefined) await write({ step: resumedAt + 1, restart: true });
      }
      await write({ step: event.step, scalars });
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}

async function openFile(folder: string, milliseconds: number): Promise<FileHandle> {
  const { mkdir, open } = await import("node:fs/promises");
  const { join } = await import("node:path");
  const { hostname } = await import("node:os");
  await mkdir(folder, { recursive: true });
  const name = `events.out.tfevents.${Math.floor(milliseconds / 1000)}.${hostname()}.${process.pid}`;
  // a second run of the same process and second gets a name of its own
  for (let number = 0; ; number++) {
    try {
      return await open(join(folder, `${name}.${number}`), "ax");
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
    }
  }
}

/** Numbers of an event by TensorBoard's tags; undefined where it has none. */
export function scalarsOf(event: TrainEvent): Record<string, number> | undefined {
  if (event.type === "step") {
    const { loss, learningRate, gradientNorm, epoch, tokens, peakBytes, time, selection } = event;
    const { check, diagnostics } = selection;
    const { matching } = diagnostics;
    const seconds = Object.entries(time.measured).map(
      ([stage, value]) => [`seconds/${stage}`, value] as const,
    );
    return finite({
      "train/loss": loss,
      "train/learning_rate": learningRate,
      "train/grad_norm": gradientNorm,
      "train/epoch": epoch,
      "train/tokens": tokens,
      "memory/peak_bytes": peakBytes,
      "selection/dropped": selection.diagnostics.dropped,
      ...(matching && { "selection/matching_error": matching.upweighted }),
      ...(check && {
        "selection/check_cosine": check.cosine ?? Number.NaN,
        "selection/check_spearman": check.spearman ?? Number.NaN,
        "selection/check_overlap": check.overlap,
      }),
      ...Object.fromEntries(seconds),
    });
  }
  if (event.type !== "evaluate") return undefined;
  const { micro, macro, small, sources, perplexity } = event.evaluation;
  const means = sources.map(({ name, mean }) => [`eval_sources/${name}`, mean] as const);
  return finite({
    "eval/loss": micro,
    "eval/macro_loss": macro,
    "eval/small_loss": small,
    ...(perplexity !== undefined && { "eval/perplexity": perplexity }),
    ...Object.fromEntries(means),
  });
}

function finite(scalars: Record<string, number>): Record<string, number> {
  return Object.fromEntries(Object.entries(scalars).filter(([, value]) => Number.isFinite(value)));
}
