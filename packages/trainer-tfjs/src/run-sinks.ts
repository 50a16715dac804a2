import { jsonLines } from "./json-lines.ts";
import type { ResolvedOptions } from "./resolve-options.ts";
import { allSinks, type EventSink, type OpenSink } from "./sinks.ts";
import { tensorBoard } from "./tensor-board.ts";

/** The sinks of a run: `events.jsonl` where there is a folder, TensorBoard where it is asked for, and those of the options. */
export function runSinks(options: ResolvedOptions, resumedAt: number | undefined): Required<OpenSink> {
  const { outputDir, reportTo, loggingDir = `${outputDir}/runs`, sinks } = options;
  const own: EventSink[] = [];
  if (outputDir !== undefined) {
    const path = `${outputDir}/events.jsonl`;
    own.push(named(path, jsonLines(path, { keepUntil: resumedAt })));
  }
  if (reportTo === "tensorboard") own.push(named(loggingDir, tensorBoard(loggingDir, { resumedAt })));
  return allSinks([...own, ...sinks]);
}

/** A sink whose failure says what could not be written. */
function named(path: string, sink: OpenSink): OpenSink {
  return {
    async write(event) {
      try {
        await sink.write(event);
      } catch (cause) {
        const reason = cause instanceof Error ? cause.message : String(cause);
        throw new Error(`train: "${path}" must be writable, got ${reason}`, { cause });
      }
    },
    async close() {
      await sink.close?.();
    },
  };
}
