import type { TrainEvent } from "./train-events.ts";

/** Something that takes a run's events and has an end. */
export interface OpenSink {
  /** Takes one event; waited for. */
  write(event: TrainEvent): unknown;
  /** Called once when the run is over, however it ended. */
  close?(): unknown;
}

/** Where events go: a plain function, or something with an end. */
export type EventSink = ((event: TrainEvent) => unknown) | OpenSink;

/** Sinks as one, whose failure names what could not be written. */
export function allSinks(sinks: readonly EventSink[]): Required<OpenSink> {
  return {
    async write(event) {
      for (const sink of sinks) await (typeof sink === "function" ? sink(event) : sink.write(event));
    },
    async close() {
      for (const sink of sinks) if (typeof sink !== "function") await sink.close?.();
    },
  };
}
