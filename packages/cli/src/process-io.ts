import { spawn } from "node:child_process";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { addAbortSignal } from "node:stream";
import type { Again, Io } from "./io.ts";
import { lines } from "./lines.ts";
import type { Output } from "./progress.ts";

/** What signals end a process with, which is also the code of a command that they stopped. */
const STOPS = { SIGINT: 130, SIGTERM: 143 } as const;

/**
 * The outside world of this process: its streams and clock, and a signal that the first Ctrl-C or SIGTERM aborts; the second ends
 * the process at once, with code 130 or 143. Where standard output cannot be written one line on standard error says so, the work goes
 * on without it, and the exit code is 2 at least.
 *
 * @returns What commands take; call it once.
 */
export function processIo(): Io {
  const controller = new AbortController();
  let stopped: keyof typeof STOPS | undefined;
  const stop = (name: keyof typeof STOPS): void => {
    if (stopped !== undefined) process.exit(STOPS[name]);
    stopped = name;
    stderr.write(`\nstopping (${name === "SIGINT" ? "Ctrl-C" : name} again stops at once)\n`);
    controller.abort();
  };
  process.on("SIGINT", stop);
  process.on("SIGTERM", stop);
  let lost = false;
  const stderr = standardOutput(process.stderr, () => {});
  const stdout = standardOutput(process.stdout, (error) => {
    lost = true;
    stderr.write(`colm: standard output must be writable, got ${error.message}\n`);
  });
  process.on("exit", (code) => {
    if (lost && code === 0) process.exitCode = 2;
    // commands know that they were stopped, and not by what
    if (stopped !== undefined && code === STOPS.SIGINT) process.exitCode = STOPS[stopped];
  });
  return {
    stdout,
    stderr,
    pipe: {
      // opened when it is first read: commands that read nothing leave standard input alone
      get input() {
        return addAbortSignal(controller.signal, process.stdin);
      },
      write: writeBytes,
    },
    signal: controller.signal,
    now: () => performance.now(),
    debug: process.env.COLM_DEBUG === "1",
    color: mayColour(process.env),
    environment: {
      node: process.version,
      system: `${platform()} ${arch()}`,
      processor: cpus()[0]?.model ?? "unknown",
      cores: availableParallelism(),
      memory: `${(totalmem() / 2 ** 30).toFixed(1)} GiB`,
    },
    again: anotherProcess(controller.signal),
  };
}

/**
 * A stream that takes text until it fails, and then nothing any more: what a run is for stands in files.
 *
 * @param onLoss - Told of the failure, unless a reader has left, as behind `| head`, or somebody else listens, who deals with it.
 */
function standardOutput(stream: NodeJS.WriteStream, onLoss: (error: Error) => void): Output {
  let failed = false;
  stream.on("error", (error: Error) => {
    const isClosed = "code" in error && error.code === "EPIPE";
    if (!failed && !isClosed && stream.listenerCount("error") === 1) onLoss(error);
    failed = true;
  });
  return {
    write: (text) => failed || stream.write(text),
    get isTTY() {
      return stream.isTTY;
    },
    get columns() {
      return stream.columns;
    },
  };
}

/** Whether the terminal may be sent colours (https://no-color.org). */
function mayColour({ NO_COLOR, TERM }: NodeJS.ProcessEnv): boolean {
  return (NO_COLOR ?? "") === "" && TERM !== "dumb";
}

/**
 * Starts this program again. The other process is in a group of its own, so that a Ctrl-C in the terminal reaches it once, through the
 * signal, and not twice; it ends when this one does.
 */
function anotherProcess(signal: AbortSignal): Again {
  return (argv, onLine) =>
    new Promise((resolve, reject) => {
      const [, program] = process.argv;
      const child = spawn(process.execPath, [...process.execArgv, program, ...argv], {
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
      });
      const output = lines(onLine);
      let stderr = "";
      child.stdout.setEncoding("utf8").on("data", (text) => output.write(text));
      child.stderr.setEncoding("utf8").on("data", (text) => {
        stderr += text;
      });
      const stop = (): void => {
        child.kill("SIGINT");
      };
      const end = (): void => {
        child.kill("SIGKILL");
      };
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop);
      process.on("exit", end);
      child.on("error", reject);
      child.on("close", (code) => {
        signal.removeEventListener("abort", stop);
        process.off("exit", end);
        output.end();
        resolve({ code, stderr });
      });
    });
}

function writeBytes(bytes: Uint8Array): Promise<void> {
  const { stdout } = process;
  return new Promise((resolve, reject) => {
    stdout.once("error", reject);
    stdout.write(bytes, (error) => {
      // a failure is also an event, which comes after this call
      if (error) return;
      stdout.off("error", reject);
      resolve();
    });
  });
}
