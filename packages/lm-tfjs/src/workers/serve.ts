import type { MessagePort } from "node:worker_threads";
import type { Matrix } from "@colm/array";
import * as tf from "@tensorflow/tfjs-core";
import { type Parameter, parameter } from "../blocks/parameter.ts";
import { chooseBackend } from "../model/backend.ts";
import { CausalLM } from "../model/causal-lm.ts";
import { attachLora } from "../model/lora.ts";
import { assembleWeights } from "../model/weights.ts";
import { exactMatches } from "../passes/evaluate.ts";
import { lastBlockGradients } from "../passes/last-block-gradients.ts";
import { lastValueGradients } from "../passes/last-value-gradients.ts";
import { lastValueSpsa } from "../passes/last-value-spsa.ts";
import { lossAndGradients } from "../passes/loss-and-gradients.ts";
import { type PoolInputs, poolInputs } from "../passes/pool-inputs.ts";
import type { Answers, PassSeconds, SentMatrix, Tasks } from "./messages.ts";

type Handlers = { readonly [Kind in keyof Tasks]: (task: Tasks[Kind]) => Promise<Answers[Kind]> };

/** Answers the tasks that come over a port, one after the other, on a model of its own; `now` is a clock in milliseconds. */
export function serve(port: MessagePort, now: () => number): void {
  const handlers = modelHandlers(now);
  let turn = Promise.resolve();
  port.on("message", ({ kind, task }) => {
    turn = turn.then(async () => port.postMessage(await outcome(handlers, kind, task)));
  });
}

async function outcome<Kind extends keyof Tasks>(
  handlers: Handlers,
  kind: Kind,
  task: Tasks[Kind],
): Promise<{ readonly answer: Answers[Kind] } | { readonly error: Error }> {
  try {
    return { answer: await handlers[kind](task) };
  } catch (error) {
    return { error: error instanceof Error ? error : new Error(String(error)) };
  }
}

function modelHandlers(now: () => number): Handlers {
  const byName = new Map<string, Parameter>();
  let assembled: CausalLM | undefined;
  const model = (): CausalLM => {
    if (assembled) return assembled;
    throw new Error("startWorkers: a worker was asked for a pass before it had a model");
  };
  const onPass = async <Result>(
    batch: Tasks["losses"],
    use: (pass: PoolInputs) => Promise<Result>,
  ): Promise<Result> => {
    const pass = poolInputs(model(), batch, { keep: "last" });
    try {
      return await use(pass);
    } finally {
      pass.dispose();
    }
  };
  return {
    async backend({ name, ...options }) {
      await chooseBackend(name, options);
    },
    async parameters(sent) {
      for (const { name, shape, data } of sent) {
        const known = byName.get(name);
        if (known) tf.tidy(() => known.value.assign(tf.tensor(data, [...shape])));
        else byName.set(name, parameter(name, data, shape, false));
      }
    },
    async assemble({ config, lora }) {
      assembled = new CausalLM(config, assembleWeights(config, byName));
      if (!lora) return;
      attachLora("startWorkers", assembled, lora, (_, [rows, columns]) => new Float32Array(rows * columns));
      for (const known of assembled.allParameters()) byName.set(known.name, known);
    },
    async trainable(names) {
      const chosen = new Set(names);
      for (const { name, value } of byName.values()) value.trainable = chosen.has(name);
    },
    losses: (batch) => model().losses(batch),
    exactMatches: (batch) => exactMatches(model(), batch),
    async lossAndGradients({ batch, options }) {
      const { onTurn, seconds } = turnClock(now);
      const { losses, gradients } = await lossAndGradients(model(), batch, { ...options, onTurn });
      try {
        const data = await floats(gradients);
        return { losses, gradients: data, seconds: seconds() };
      } finally {
        tf.dispose([...gradients.values()]);
      }
    },
    lastValueSpsa: ({ batch, options }) =>
      onPass(batch, async (pass) => {
        const { coefficients, ...rest } = await lastValueSpsa(model(), pass, options);
        return { coefficients: sentMatrix(coefficients), rest };
      }),
    lastValueGradients: ({ batch, options }) =>
      onPass(batch, async (pass) => sentMatrix(await lastValueGradients(model(), pass, options))),
    lastBlockGradients: ({ batch, sketch }) =>
      onPass(batch, async (pass) =>
        sentMatrix(await lastBlockGradients(model(), pass, { ...(sketch && { sketch }) })),
      ),
  };
}

/** Sums the time between turns. */
function turnClock(now: () => number): {
  readonly onTurn: (direction: keyof PassSeconds) => void;
  readonly seconds: () => PassSeconds;
} {
  const sums = { forward: 0, backward: 0 };
  let direction: keyof PassSeconds = "forward";
  let since = now();
  const onTurn = (next: keyof PassSeconds): void => {
    const at = now();
    sums[direction] += (at - since) / 1000;
    direction = next;
    since = at;
  };
  return {
    onTurn,
    seconds() {
      onTurn(direction);
      return { ...sums };
    },
  };
}

async function floats(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Map<string, Float32Array>> {
  const data = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) data.set(name, await tensor.data<"float32">());
  return data;
}

/** Results of passes are row-major and whole. */
function sentMatrix({ data, shape: [rows, columns] }: Matrix): SentMatrix {
  return { data, shape: [rows, columns] };
}
