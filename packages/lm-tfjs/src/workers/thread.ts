import type { Worker } from "node:worker_threads";
import type { Answers, Tasks } from "./messages.ts";

/** A worker thread that answers tasks. */
export interface Thread {
  /** Tasks wait for those asked before. Rejects with what the task threw, or with the thread's end. */
  ask<Kind extends keyof Tasks>(kind: Kind, task: Tasks[Kind]): Promise<Answers[Kind]>;
  /** Ends the thread at once; what it was asked rejects with `reason`. */
  stop(reason: Error): Promise<void>;
}

/**
 * Speaks to a worker.
 *
 * @param name - How errors call it, such as `worker 1 of 2`.
 * @param onDeath - Called once if the thread ends without having been stopped.
 */
export function openThread(worker: Worker, name: string, onDeath: (error: Error) => void): Thread {
  let end: Error | undefined;
  let failTask: ((error: Error) => void) | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const close = (error: Error): void => {
    end = error;
    failTask?.(error);
  };
  const die = (what: string, cause?: unknown): void => {
    if (end) return;
    close(new Error(`startWorkers: ${name} ${what}`, { cause }));
    if (end) onDeath(end);
  };
  worker.on("error", (error) => die(`failed: ${error instanceof Error ? error.message : error}`, error));
  worker.on("messageerror", (error) => die(`sent what cannot be read: ${error.message}`, error));
  worker.on("exit", (code) => die(`ended with exit code ${code}`));
  // an idle thread keeps no program from ending
  worker.unref();

  const post = async <Kind extends keyof Tasks>(kind: Kind, task: Tasks[Kind]): Promise<Answers[Kind]> => {
    if (end) throw end;
    worker.ref();
    try {
      return await new Promise<Answers[Kind]>((resolve, reject) => {
        failTask = reject;
        worker.postMessage({ kind, task });
        worker.once("message", ({ answer, error }) => (error ? reject(error) : resolve(answer)));
      });
    } finally {
      failTask = undefined;
      // one that is being stopped keeps the program alive until it is gone
      if (end === undefined) worker.unref();
    }
  };
  return {
    ask(kind, task) {
      const answer = turn.then(() => post(kind, task));
      turn = answer.catch(() => undefined);
      return answer;
    },
    async stop(reason) {
      if (end === undefined) close(reason);
      // nothing else may keep the program alive for whoever waits here
      worker.ref();
      await worker.terminate();
    },
  };
}
