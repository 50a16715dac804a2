import { performance } from "node:perf_hooks";
import { parentPort } from "node:worker_threads";
import { serve } from "./serve.ts";

// the program of a worker thread; imported anywhere else it does nothing
if (parentPort) serve(parentPort, () => performance.now());
