import { describe, type Matrix, matrix } from "@colm/array";
import type { Batch } from "@colm/data";
import type { DirectionalGradients, SpsaOptions } from "@colm/spsa";
import * as tf from "@tensorflow/tfjs-core";
import { kernelArithmetic, revectorized } from "../model/backend.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import type { LastBlockOptions } from "../passes/last-block-gradients.ts";
import { type ValueOptions, valueSlot } from "../passes/last-value.ts";
import { requireSketch } from "../passes/sketch.ts";
import { gradientTotal } from "./gradient-total.ts";
import { inOrder } from "./in-order.ts";
import type { Answers, SentMatrix, Tasks } from "./messages.ts";
import { modelFeed } from "./model-feed.ts";
import { type GradientPiece, readyBatches, readyPieces } from "./pieces.ts";
import { openThread, type Thread } from "./thread.ts";

/** Settings of `startWorkers`. */
export interface WorkersOptions {
  /** Worker threads, an integer of at least 1. More than there are cores gain nothing. */
  readonly count: number;
}

/** What every call takes. */
export interface PiecesOptions {
  /** Stops the call at once: no further piece is begun, and the workers stay. */
  readonly signal?: AbortSignal;
  /** Called when the result of a piece has come and all before it have: pieces done so far, pieces in all. */
  readonly onProgress?: (done: number, pieces: number) => void;
}

/** Losses of each piece, and the gradient over all. */
export interface PiecesGradients {
  /** For each piece, the mean loss of each of its examples over its labelled tokens. */
  readonly losses: Float32Array[];
  /** `sum_j share_j g_j` by each trainable parameter, g_j what `lossAndGradients` gives for piece j. Fresh arrays. */
  readonly gradients: Map<string, Float32Array>;
}

/**
 * Worker threads with models of their own, kept like the one they were made from. Each method takes micro-batches ("pieces") and gives
 * results in their order. All reject with the signal's reason, with what a pass throws, or with the end of a thread; after the latter two
 * the workers are gone.
 */
export interface ModelWorkers {
  readonly count: number;
  /** Why the workers are gone; undefined while they are there. */
  readonly ended: Error | undefined;
  /** What `model.losses` gives for each piece. */
  losses(pieces: readonly Batch[], options?: PiecesOptions): Promise<Float32Array[]>;
  /** What `exactMatches` gives for each piece. */
  exactMatches(pieces: readonly Batch[], options?: PiecesOptions): Promise<Uint8Array[]>;
  /** The sum of what `lossAndGradients` gives for the pieces, added up in their order in float64, in the calling thread. */
  lossAndGradients(
    pieces: readonly GradientPiece[],
    options?: PiecesOptions & {
      readonly checkpoint?: boolean;
      /** Called for each piece, in order, with the seconds that its thread went forward and backward. */
      readonly onSeconds?: (seconds: { readonly forward: number; readonly backward: number }) => void;
    },
  ): Promise<PiecesGradients>;
  /** What `lastValueSpsa` gives for each piece. */
  lastValueSpsa(
    pieces: readonly Batch[],
    options: Omit<SpsaOptions, "signal"> & ValueOptions & PiecesOptions,
  ): Promise<DirectionalGradients[]>;
  /** What `lastValueGradients` gives for each piece. */
  lastValueGradients(pieces: readonly Batch[], options?: ValueOptions & PiecesOptions): Promise<Matrix[]>;
  /** What `lastBlockGradients` gives for each piece. */
  lastBlockGradients(pieces: readonly Batch[], options?: LastBlockOptions & PiecesOptions): Promise<Matrix[]>;
  /** Ends the threads at once; calls that are under way reject. */
  dispose(): Promise<void>;
}

/**
 * Starts worker threads that run the passes of a model over micro-batches side by side. Node.js only.
 *
 * @param model - Only read. Each worker gets a copy; before each call it is sent what was assigned to the model's parameters since the
 *   last one and which of them are trainable. Adapter, back end and kernel arithmetic stay what they are at the start.
 * @param options - `count` of threads.
 * @returns The workers; the caller disposes of them. Idle ones do not keep a program from ending.
 * @throws {RangeError} If `count` is no integer of at least 1.
 * @throws {Error} Where there are no worker threads (browsers), on back ends other than wasm and cpu, or if a worker cannot start.
 * @remarks Every piece is computed whole by one worker, so results are the same bits for every number of workers, and those of doing the
 *   pieces one after another without. Memory: each worker holds a model of its own (4 bytes a parameter), what a pass over a piece takes, and about
 *   40 MB of runtime; on the wasm back end in a heap of its own. Values go over in shared memory, written once for all workers, at most
 *   64 MiB or one parameter at a time. The block inputs of a pool pass stay where they were made: workers start from token ids.
 * @example
 * await chooseBackend("wasm");
 * const config = parseModelConfig({
 *   model_type: "llama", vocab_size: 8, hidden_size: 4, intermediate_size: 8, num_hidden_layers: 1,
 *   num_attention_heads: 1, max_position_embeddings: 16, tie_word_embeddings: true,
 * });
 * const model = createModel(config, { seed: 1 });
 * const ids = Int32Array.of(1, 2, 3, 4);
 * const batch = { inputIds: ids, attentionMask: ids.map(() => 1), labels: ids, shape: [2, 2] };
 * const workers = await startWorkers(model, { count: 2 });
 * const { losses, gradients } = await workers.lossAndGradients([{ batch }, { batch, rows: Int32Array.of(1) }]);
 * losses.map(({ length }) => length); // => [2, 1]
 * gradients.get("model.norm.weight").length; // => 4
 * await workers.dispose();
 * model.dispose();
 */
export async function startWorkers(model: CausalLM, { count }: WorkersOptions): Promise<ModelWorkers> {
  return startWorkersOn(script(), model, count);
}

/** The program of a worker: beside this file as a source, in `workers` in the built package. */
function script(): URL {
  // a name in a variable: bundlers for browsers would look for the file of a constant
  const path = import.meta.url.endsWith(".ts") ? "./worker.ts" : "./workers/worker.js";
  return new URL(path, import.meta.url);
}

/** `startWorkers` with the program of the threads. */
export async function startWorkersOn(program: URL, model: CausalLM, count: number): Promise<ModelWorkers> {
  if (!(Number.isInteger(count) && count >= 1)) {
    throw new RangeError(`startWorkers: "count" must be an integer of at least 1, got ${describe(count)}`);
  }
  const backend = currentBackend();
  const { Worker } = await node();
  const threads: Thread[] = [];
  let end: Error | undefined;
  const stop = async (reason: Error): Promise<void> => {
    end ??= reason;
    await Promise.all(threads.map((thread) => thread.stop(reason)));
  };
  for (let k = 1; k <= count; k++) {
    // as text, because a thread of a program given as text inherits flags that refuse files
    const start = `import(${JSON.stringify(program.href)})`;
    const worker = new Worker(start, { eval: true, name: `colm ${k}` });
    threads.push(openThread(worker, `worker ${k} of ${count}`, (error) => void stop(error)));
  }
  const feed = modelFeed(model, threads);
  try {
    await Promise.all(threads.map((thread) => thread.ask("backend", backend)));
    await feed.build();
  } catch (error) {
    await stop(asError(error));
    throw error;
  }

  let turn: Promise<unknown> = Promise.resolve();
  /** One call after the other: first what has changed of the model, then the pieces. */
  const run = <Kind extends keyof Tasks>(
    kind: Kind,
    tasks: readonly Tasks[Kind][],
    { signal, onProgress }: PiecesOptions,
    take: (answer: Answers[Kind], k: number) => void,
  ): Promise<void> => {
    const takeNext = (answer: Answers[Kind], k: number): void => {
      take(answer, k);
      onProgress?.(k + 1, tasks.length);
    };
    const call = async (): Promise<void> => {
      if (end) throw new Error(`${kind}: the workers have ended (${end.message})`, { cause: end });
      signal?.throwIfAborted();
      try {
        await feed.refresh();
        await inOrder(threads, tasks.length, (thread, k) => thread.ask(kind, tasks[k]), takeNext, signal);
      } catch (error) {
        if (!signal?.aborted) await stop(asError(error));
        throw error;
      }
    };
    const done = turn.then(call);
    turn = done.catch(() => undefined);
    return done;
  };
  const collect = async <Kind extends keyof Tasks, Result>(
    kind: Kind,
    tasks: readonly Tasks[Kind][],
    options: PiecesOptions,
    receive: (answer: Answers[Kind]) => Result,
  ): Promise<Result[]> => {
    const results: Result[] = [];
    await run(kind, tasks, options, (answer) => results.push(receive(answer)));
    return results;
  };
  const { config } = model;
  return {
    count,
    get ended() {
      return end;
    },
    async losses(pieces, options = {}) {
      return collect("losses", readyBatches("losses", pieces, config), options, (losses) => losses);
    },
    async exactMatches(pieces, options = {}) {
      const batches = readyBatches("exactMatches", pieces, config);
      return collect("exactMatches", batches, options, (matches) => matches);
    },
    async lossAndGradients(pieces, { checkpoint = false, onSeconds, ...options } = {}) {
      const ready = readyPieces("lossAndGradients", pieces, model);
      const tasks = ready.map(({ batch, options: own }) => ({ batch, options: { ...own, checkpoint } }));
      const losses: Float32Array[] = [];
      const total = gradientTotal();
      await run("lossAndGradients", tasks, options, (answer, k) => {
        losses.push(answer.losses);
        onSeconds?.(answer.seconds);
        total.add(answer.gradients, ready[k].share);
      });
      return { losses, gradients: total.result() };
    },
    async lastValueSpsa(pieces, { signal, onProgress, ...options }) {
      valueSlot("lastValueSpsa", model, options);
      const tasks = readyBatches("lastValueSpsa", pieces, config).map((batch) => ({ batch, options }));
      const call = { ...(signal && { signal }), ...(onProgress && { onProgress }) };
      return collect("lastValueSpsa", tasks, call, ({ coefficients, rest }) => ({
        ...rest,
        coefficients: receivedMatrix(coefficients),
      }));
    },
    async lastValueGradients(pieces, { rows = "all", ...options } = {}) {
      valueSlot("lastValueGradients", model, { rows });
      const batches = readyBatches("lastValueGradients", pieces, config);
      const tasks = batches.map((batch) => ({ batch, options: { rows } }));
      return collect("lastValueGradients", tasks, options, receivedMatrix);
    },
    async lastBlockGradients(pieces, { sketch, ...options } = {}) {
      if (sketch) requireSketch("lastBlockGradients", sketch);
      const batches = readyBatches("lastBlockGradients", pieces, config);
      const tasks = batches.map((batch) => ({ batch, ...(sketch && { sketch }) }));
      return collect("lastBlockGradients", tasks, options, receivedMatrix);
    },
    dispose: () => stop(new Error("startWorkers: the workers were disposed of")),
  };
}

/** The active back end, as the workers choose it. */
function currentBackend(): Tasks["backend"] {
  const name = tf.getBackend();
  if (name !== "wasm" && name !== "cpu") {
    throw new Error(
      `startWorkers: workers run on the back ends "wasm" and "cpu" alone, got ${describe(name || "none")}`,
    );
  }
  const arithmetic = kernelArithmetic();
  if (arithmetic === undefined) return { name };
  return { name, exact: arithmetic === "exact", revectorize: revectorized() };
}

/** Loaded when workers are started, so that a browser can load this module. */
async function node() {
  try {
    const { Worker } = await import("node:worker_threads");
    return { Worker };
  } catch (error) {
    throw new Error("startWorkers: worker threads need Node.js, here there are none", { cause: error });
  }
}

function receivedMatrix({ data, shape: [rows, columns] }: SentMatrix): Matrix {
  return matrix(data, rows, columns);
}

function asError(error: unknown): Error {
  return error instanceof Error ? error : new Error(String(error));
}
