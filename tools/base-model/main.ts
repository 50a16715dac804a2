import { parseArgs } from "node:util";
import { chooseBackend } from "@colm/lm-tfjs";
import { pretrain } from "./pretrain.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    steps: { type: "string", default: "3500" },
    out: { type: "string", default: "tools/base-model/model" },
  },
});

await chooseBackend("wasm");
await pretrain({
  seed: Number(values.seed),
  steps: Number(values.steps),
  out: values.out,
  print: console.log,
});
