import { chooseBackend } from "@colm/lm-tfjs";
import { train } from "../src/index.ts";
import { tinyModel } from "./tiny.ts";
import { tinyRun } from "./tiny-run.ts";

// A run with a worker that is stopped in the middle of its first update, in a process that has nothing else to wait for.
await chooseBackend("wasm");
const controller = new AbortController();
const run = train({
  ...tinyRun,
  model: tinyModel(),
  perDeviceTrainBatchSize: 3,
  workers: 1,
  signal: controller.signal,
  callbacks: [
    {
      onSubstepEnd() {
        controller.abort();
        return undefined;
      },
    },
  ],
});
process.stdout.write(JSON.stringify(await run.result));
