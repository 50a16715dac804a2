import { spawnSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { collate } from "@colm/data";
import * as tf from "@tensorflow/tfjs-core";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { addLora, type CausalLM, chooseBackend, type ModelWorkers, startWorkers } from "../../src/index.ts";
import { startWorkersOn } from "../../src/workers/start-workers.ts";
import { tinyBatch, tinyModel } from "../tiny-model.ts";

const batch = tinyBatch();

/** A program for worker threads that answers every task, but does `atPass` when it is asked for losses. */
function program(atPass: string): URL {
  const source = `
    import { parentPort, threadId } from "node:worker_threads";
    parentPort.on("message", ({ kind }) => {
      if (kind === "losses") { ${atPass} }
      parentPort.postMessage({ answer: undefined });
    });`;
  return new URL(`data:text/javascript,${encodeURIComponent(source)}`);
}

let model: CausalLM;
let workers: ModelWorkers | undefined;
beforeAll(async () => {
  await chooseBackend("wasm");
  model = tinyModel();
});
afterEach(async () => {
  await workers?.dispose();
  workers = undefined;
});
afterAll(() => model.dispose());

describe("startWorkers refuses", () => {
  it.each([
    [0, "0"],
    [1.5, "1.5"],
    [Number.NaN, "NaN"],
  ])("%d threads", async (count, shown) => {
    await expect(startWorkers(model, { count })).rejects.toThrow(
      new RangeError(`startWorkers: "count" must be an integer of at least 1, got ${shown}`),
    );
  });

  it("a back end that no other thread can have", async () => {
    const lonely = new tf.KernelBackend();
    lonely.dispose = () => undefined;
    tf.registerBackend("lonely", () => lonely);
    tf.setBackend("lonely");
    await expect(startWorkers(model, { count: 1 })).rejects.toThrow(
      new Error('startWorkers: workers run on the back ends "wasm" and "cpu" alone, got "lonely"'),
    );
    await chooseBackend("wasm");
    tf.removeBackend("lonely");
  });
});

it("startWorkers says so where there are no worker threads", async () => {
  vi.doMock("node:worker_threads", () => {
    throw new Error("as in a browser");
  });
  await expect(startWorkers(model, { count: 1 })).rejects.toThrow(
    new Error("startWorkers: worker threads need Node.js, here there are none"),
  );
  vi.doUnmock("node:worker_threads");
});

describe("a worker that cannot go on", () => {
  it.each([
    ["process.exit(3)", "startWorkers: worker %d of 2 ended with exit code 3"],
    ["setTimeout(() => { throw new Error('boom') }); return", "startWorkers: worker %d of 2 failed: boom"],
    ["parentPort.close(); return", "startWorkers: worker %d of 2 ended with exit code 0"],
  ])("and does %s ends the call and the other workers", async (atPass, message) => {
    workers = await startWorkersOn(program(`if (threadId % 2) { ${atPass} } else return`), model, 2);
    // the other one never answers: nothing may wait for it
    const error = await workers.losses([batch, batch, batch]).catch((reason: unknown) => reason);
    const messages = [1, 2].map((k) => message.replace("%d", String(k)));
    expect(messages).toContain(error instanceof Error && error.message);
    await expect(workers.losses([batch])).rejects.toThrow(
      `losses: the workers have ended (${error instanceof Error && error.message})`,
    );
  });

  it("throws the error of the pass, and the workers have ended", async () => {
    workers = await startWorkers(model, { count: 2 });
    const message = 'spsa: "directions" must be at least 1, got 0';
    await expect(workers.lastValueSpsa([batch, batch], { seed: 1, directions: 0 })).rejects.toThrow(
      new RangeError(message),
    );
    await expect(workers.losses([batch])).rejects.toThrow(
      new Error(`losses: the workers have ended (${message})`),
    );
  });

  it("after an answer is noticed at a later call", async () => {
    workers = await startWorkersOn(program("setTimeout(() => process.exit(4), 20);"), model, 1);
    const message = "startWorkers: worker 1 of 1 ended with exit code 4";
    const untilItEnds = async (started: ModelWorkers): Promise<never> => {
      for (;;) await started.losses([batch]);
    };
    await expect(untilItEnds(workers)).rejects.toThrow(message);
    await expect(workers.losses([batch])).rejects.toThrow(`losses: the workers have ended (${message})`);
  });

  it("at the start ends the start", async () => {
    await expect(startWorkersOn(new URL("./no-such-worker.ts", import.meta.url), model, 2)).rejects.toThrow(
      /startWorkers: worker \d of 2 failed: Cannot find module .*no-such-worker/,
    );
  });
});

describe("a call", () => {
  it.each([
    ["no pieces", [], 'losses: "pieces" must have at least 1 entry, got 0'],
    [
      "a batch that does not fit the model",
      [batch, collate([{ inputIds: Int32Array.of(1, 99), labels: Int32Array.of(1, 2) }])],
      'losses: "batch.inputIds" must be in [0, 24), got 99 at 1',
    ],
  ])("with %s is refused before any work; the workers stay", async (_, pieces, message) => {
    workers = await startWorkers(model, { count: 1 });
    await expect(workers.losses(pieces)).rejects.toThrow(new RangeError(message));
    expect(await workers.losses([batch])).toEqual([await model.losses(batch)]);
  });

  it.each([
    [{ weights: [1, 2] }, '"pieces[1].weights" must have 5 entries, got 2'],
    [{ weights: [1, 2, -3, 0, 0] }, '"pieces[1].weights" must be at least 0, got -3 at 2'],
    [{ weights: [0, 0, 0, 0, 0] }, '"pieces[1].weights" must not be all 0'],
    [{ rows: Int32Array.of(5) }, '"pieces[1].rows" must be integers in [0, 5), got 5 at 0'],
    [{ share: -1 }, '"pieces[1].share" must be a number of at least 0, got -1'],
  ])("with a piece of %j is refused before any work; the workers stay", async (wrong, message) => {
    workers = await startWorkers(model, { count: 1 });
    await expect(workers.lossAndGradients([{ batch }, { batch, ...wrong }])).rejects.toThrow(
      new RangeError(`lossAndGradients: ${message}`),
    );
    expect((await workers.losses([batch])).length).toBe(1);
  });

  it("without the masks of the adapter's dropout is refused before any work; the workers stay", async () => {
    const own = tinyModel();
    addLora(own, { rank: 2, alpha: 4, dropout: 0.5, seed: 1 });
    workers = await startWorkers(own, { count: 1 });
    await expect(workers.lossAndGradients([{ batch }])).rejects.toThrow(
      'lossAndGradients: "dropout" must be { seed, step }, or false to leave it out: the adapter has dropout 0.5, got undefined',
    );
    expect((await workers.losses([batch])).length).toBe(1);
    own.dispose();
  });

  it("for a sketch that cannot be is refused before any work; the workers stay", async () => {
    workers = await startWorkers(model, { count: 1 });
    await expect(workers.lastBlockGradients([batch], { sketch: { size: 3, seed: 1 } })).rejects.toThrow(
      'lastBlockGradients: "sketch.size" must be an integer of at least 4, got 3',
    );
    expect((await workers.losses([batch])).length).toBe(1);
  });

  it("stops at once when it is aborted; the workers stay", async () => {
    workers = await startWorkers(model, { count: 2 });
    const expected = [await model.losses(batch)];
    const reason = new Error("enough");
    await expect(workers.losses([batch], { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
    const controller = new AbortController();
    const pieces = Array.from({ length: 20 }, () => ({ batch }));
    const told: number[] = [];
    const call = workers.lossAndGradients(pieces, {
      signal: controller.signal,
      onProgress(done) {
        told.push(done);
        if (done === 3) controller.abort(reason);
      },
    });
    await expect(call).rejects.toBe(reason);
    expect(await workers.losses([batch])).toEqual(expected);
    expect(told).toEqual([1, 2, 3]);
  });

  it("does not wait for a worker that never answers when it is aborted", async () => {
    workers = await startWorkersOn(program("return"), model, 2);
    const controller = new AbortController();
    const call = workers.losses([batch, batch], { signal: controller.signal });
    setTimeout(() => controller.abort(new Error("enough")), 20);
    await expect(call).rejects.toThrow("enough");
  });

  it("rejects when the workers are disposed of under it, and afterwards", async () => {
    workers = await startWorkersOn(program("return"), model, 2);
    const call = workers.losses([batch]);
    const failed = expect(call).rejects.toThrow("startWorkers: the workers were disposed of");
    await new Promise((resolve) => setTimeout(resolve, 20));
    await workers.dispose();
    await failed;
    await expect(workers.losses([batch])).rejects.toThrow(
      "losses: the workers have ended (startWorkers: the workers were disposed of)",
    );
    await workers.dispose();
  });

  it("says so when the model was given an adapter or disposed of meanwhile", async () => {
    const own = tinyModel();
    workers = await startWorkers(own, { count: 1 });
    addLora(own, { rank: 2, alpha: 4, seed: 1 });
    await expect(workers.losses([batch])).rejects.toThrow(
      'startWorkers: "model" must keep its adapter while workers run on it, start others after addLora',
    );
    await workers.dispose();
    workers = await startWorkers(own, { count: 1 });
    own.dispose();
    await expect(workers.losses([batch])).rejects.toThrow(
      'startWorkers: "model" must not be disposed of before its workers',
    );
  });
});

it("workers that are forgotten keep no program from ending", () => {
  const path = fileURLToPath(new URL("exit-without-dispose.ts", import.meta.url));
  const { status, stdout, stderr } = spawnSync(process.execPath, [path], {
    encoding: "utf8",
    timeout: 50_000,
  });
  expect({ status, stdout, stderr }).toEqual({ status: 0, stdout: "5\n", stderr: "" });
});
