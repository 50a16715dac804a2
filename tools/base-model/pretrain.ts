import {
  createModel,
  createTokenizer,
  lossAndGradients,
  type NamedArray,
  parseModelConfig,
  trainableVariables,
} from "@colm/lm-tfjs";
import { adamw, clipByGlobalNorm, linearSchedule } from "@colm/trainer-tfjs";
import * as tf from "@tensorflow/tfjs-core";
import { MODEL_CONFIG, TOKENIZER_CONFIG } from "./model-config.ts";
import { packed } from "./packed.ts";
import { saveFolder } from "./save-folder.ts";
import { trainTokenizer } from "./tokenizer.ts";

export interface PretrainOptions {
  readonly seed: number;
  /** Updates, each on 32 rows of 48 tokens of the corpus. */
  readonly steps: number;
  /** The Hugging Face folder that is written, every 500 updates and at the end. */
  readonly out: string;
  readonly print: (line: string) => void;
}

const ROWS = 32;
const TOKENS = 48;
const SHOWN = 50;
const SAVED = 500;

/** Trains the tokenizer and the base model from scratch; the same seed and machine give the same bytes. */
export async function pretrain({ seed, steps, out, print }: PretrainOptions): Promise<void> {
  const tokenizerJson = trainTokenizer(seed);
  const tokenizer = createTokenizer(tokenizerJson, { config: TOKENIZER_CONFIG });
  const model = createModel(parseModelConfig(MODEL_CONFIG), { seed });
  const variables = trainableVariables(model);
  const optimizer = adamw({ beta2: 0.98, weightDecay: 0.01 });
  const rateOf = linearSchedule({ learningRate: 0.005, warmupSteps: 100, steps });
  let weights = await read(variables);
  let state = optimizer.init(weights);
  let recent = 0;
  const started = performance.now();
  for (let step = 0; step < steps; step++) {
    const batch = packed(tokenizer, { seed, step, rows: ROWS, tokens: TOKENS });
    const { losses, gradients } = await lossAndGradients(model, batch);
    const clipped = clipByGlobalNorm(await read(gradients), { maxNorm: 1 });
    for (const gradient of gradients.values()) gradient.dispose();
    ({ state, parameters: weights } = optimizer.update(state, clipped.gradients, weights, rateOf(step)));
    assign(variables, weights);
    recent += losses.reduce((sum, loss) => sum + loss, 0) / ROWS;
    if ((step + 1) % SHOWN === 0) {
      const seconds = ((performance.now() - started) / 1000).toFixed(0);
      print(`step ${step + 1}/${steps} loss ${(recent / SHOWN).toFixed(4)} ${seconds} s`);
      recent = 0;
    }
    if ((step + 1) % SAVED === 0 || step + 1 === steps) {
      await saveFolder(out, shaped(variables, weights), tokenizerJson);
    }
  }
  model.dispose();
}

async function read(tensors: ReadonlyMap<string, tf.Tensor>): Promise<Map<string, Float32Array>> {
  const arrays = new Map<string, Float32Array>();
  for (const [name, tensor] of tensors) arrays.set(name, Float32Array.from(await tensor.data()));
  return arrays;
}

function assign(
  variables: ReadonlyMap<string, tf.Variable>,
  weights: ReadonlyMap<string, Float32Array>,
): void {
  for (const [name, { shape, data }] of shaped(variables, weights)) {
    const fresh = tf.tensor(data, [...shape]);
    variables.get(name)?.assign(fresh);
    fresh.dispose();
  }
}

function shaped(
  variables: ReadonlyMap<string, tf.Variable>,
  weights: ReadonlyMap<string, Float32Array>,
): Map<string, NamedArray> {
  const arrays = new Map<string, NamedArray>();
  for (const [name, data] of weights) arrays.set(name, { shape: variables.get(name)?.shape ?? [], data });
  return arrays;
}
