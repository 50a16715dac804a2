import type { FileHandle } from "node:fs/promises";
import type { OpenSink } from "./sinks.ts";
import type { TrainEvent } from "./train-events.ts";

/**
 * A sink that writes each event as one line of JSON; arrays of numbers as lists, numbers that are not finite as null.
 *
 * @param path - The file; made with its folder. Node.js only.
 * @param options - `keepUntil`: go on behind the lines of the updates up to this one, which a resumed run does not make again;
 * default: begin anew.
 * @returns The sink; nothing is opened before the first event.
 * @remarks Lines are whole except for the last one of a process that was killed, which the next run drops.
 */
export function jsonLines(path: string, options: { readonly keepUntil?: number | undefined } = {}): OpenSink {
  let file: FileHandle | undefined;
  return {
    async write(event) {
      file ??= await openLines(path, options.keepUntil);
      await file.appendFile(`${eventLine(event)}\n`);
    },
    async close() {
      await file?.close();
      file = undefined;
    },
  };
}

/** An event as one line of JSON. */
export function eventLine(event: TrainEvent): string {
  return JSON.stringify(event, (_key, value: unknown) =>
    value instanceof Int32Array || value instanceof Float32Array ? Array.from(value) : value,
  );
}

async function openLines(path: string, keepUntil: number | undefined): Promise<FileHandle> {
  const { mkdir, open, readFile, rename, writeFile } = await import("node:fs/promises");
  const { dirname } = await import("node:path");
  await mkdir(dirname(path), { recursive: true });
  if (keepUntil === undefined) return open(path, "w");
  const before = await readFile(path, "utf8").catch((error: unknown) => {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  });
  const lines = before.split("\n").filter((line) => stepOf(line) <= keepUntil);
  await writeFile(`${path}.partial`, lines.map((line) => `${line}\n`).join(""));
  await rename(`${path}.partial`, path);
  return open(path, "a");
}

/** The update that a line tells of; Infinity where the line is not whole. */
function stepOf(line: string): number {
  try {
    const { step } = JSON.parse(line);
    return typeof step === "number" ? step : Number.POSITIVE_INFINITY;
  } catch {
    return Number.POSITIVE_INFINITY;
  }
}
