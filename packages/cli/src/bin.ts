#!/usr/bin/env node
import { arch, cpus, platform } from "node:os";
import { main } from "./main.ts";

const controller = new AbortController();
process.on("SIGINT", () => {
  if (controller.signal.aborted) process.exit(130);
  process.stderr.write("\nstopping: saving a checkpoint (Ctrl-C again stops at once)\n");
  controller.abort();
});
process.exitCode = await main(process.argv.slice(2), {
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
});
