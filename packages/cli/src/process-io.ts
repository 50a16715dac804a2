import { arch, cpus, platform } from "node:os";
import { addAbortSignal } from "node:stream";
import type { Io } from "./io.ts";

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
    environment: {
      node: process.version,
      system: `${platform()} ${arch()}`,
      processor: cpus()[0]?.model ?? "unknown",
    },
  };
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
