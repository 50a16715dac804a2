import { arch, cpus, platform } from "node:os";
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
    process.stderr.write("\nstopping: saving a checkpoint (Ctrl-C again stops at once)\n");
    controller.abort();
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
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
