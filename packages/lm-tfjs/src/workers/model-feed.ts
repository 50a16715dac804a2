import type * as tf from "@tensorflow/tfjs-core";
import type { Parameter } from "../blocks/parameter.ts";
import type { CausalLM } from "../model/causal-lm.ts";
import { adapterParameters, baseParameters } from "../model/weights.ts";
import type { SentParameter } from "./messages.ts";
import type { Thread } from "./thread.ts";

/** Bytes in shared memory at a time, unless one parameter alone is larger. */
const PORTION = 2 ** 26;

/** Keeps the models of worker threads like the one they were made from. */
export interface ModelFeed {
  /** Makes the model in each thread. */
  build(): Promise<void>;
  /** Sends what has changed since the last time: values that were assigned, and which parameters are trainable. */
  refresh(): Promise<void>;
}

export function modelFeed(model: CausalLM, threads: readonly Thread[]): ModelFeed {
  const { config, lora, weights } = model;
  // an assignment gives a variable other data, so the identity of the data says whether it was sent
  const sent = new Map<string, tf.DataId>();
  let trainable: string | undefined;

  const send = async (parameters: readonly Parameter[]): Promise<void> => {
    const changed = parameters.filter(({ name, value }) => sent.get(name) !== value.dataId);
    for (const portion of portions(changed)) {
      const task = portion.map(({ name, value }): SentParameter => {
        sent.set(name, value.dataId);
        const data = new Float32Array(new SharedArrayBuffer(4 * value.size));
        data.set(value.dataSync<"float32">());
        return { name, shape: value.shape, data };
      });
      await Promise.all(threads.map((thread) => thread.ask("parameters", task)));
    }
  };
  const refresh = async (): Promise<void> => {
    if (model.weights !== weights) {
      throw new Error(
        'startWorkers: "model" must keep its adapter while workers run on it, start others after addLora',
      );
    }
    const parameters = model.allParameters();
    if (parameters.some(({ value }) => value.isDisposed)) {
      throw new Error('startWorkers: "model" must not be disposed of before its workers');
    }
    await send(parameters);
    const names = parameters.filter(({ value }) => value.trainable).map(({ name }) => name);
    if (names.join("\n") === trainable) return;
    trainable = names.join("\n");
    await Promise.all(threads.map((thread) => thread.ask("trainable", names)));
  };
  return {
    async build() {
      await send(baseParameters(weights));
      const task = { config, ...(lora && { lora }) };
      await Promise.all(threads.map((thread) => thread.ask("assemble", task)));
      await send(adapterParameters(weights));
      await refresh();
    },
    refresh,
  };
}

/** Cuts a list of parameters where it gets too large to be in memory at once. */
function portions(parameters: readonly Parameter[]): Parameter[][] {
  const out: Parameter[][] = [];
  let bytes = Infinity;
  for (const parameter of parameters) {
    const size = 4 * parameter.value.size;
    bytes += size;
    if (bytes > PORTION) {
      out.push([]);
      bytes = size;
    }
    out[out.length - 1].push(parameter);
  }
  return out;
}
