import { chooseBackend, startWorkers } from "../../src/index.ts";
import { tinyBatch, tinyModel } from "../tiny-model.ts";

// a program that forgets its workers: it must end all the same
await chooseBackend("wasm");
const workers = await startWorkers(tinyModel(), { count: 2 });
const [losses] = await workers.losses([tinyBatch()]);
process.stdout.write(`${losses.length}\n`);
