import { spawn } from "node:child_process";
import { arch, availableParallelism, cpus, platform, totalmem } from "node:os";
import { addAbortSignal } from "node:stream";
import type { Again, Io } from "./io.ts";
import { lines } from "./lines.ts";

/**
 * The outside world of this process: its streams and clock, and a signal that the first Ctrl-C aborts; the second ends the
 * process at once, with code 130.
 *
 * @returns What commands take; call it once.
 */
export function processIo(): Io {
  const controller = new AbortController();
  process.on("SIGINT", () => {
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write("\nstopping (Ctrl-C again stops at once)\n");
    controller.abort();
  });
  for (const stream of [process.stdout, process.stderr])
    stream.on("error", (error) => requireReader(stream, error));
  return {
    stdout: process.stdout,
    stderr: process.stderr,
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

/** Lets a run go on whose text nobody reads any more, as behind `| head`: what it is for stands in files. */
function requireReader(stream: NodeJS.WriteStream, error: Error): void {
  const isClosed = "code" in error && error.code === "EPIPE";
  // who listens too deals with it
  if (!isClosed && stream.listenerCount("error") === 1) throw error;
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
