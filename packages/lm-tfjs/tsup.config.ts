import { library } from "../../tsup.config.ts";

// a worker thread is started from a file of its own
export default library(["src/index.ts", "src/workers/worker.ts"]);
