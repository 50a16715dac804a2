import type { SelectionResult } from "@colm/coreset";
import type { Example } from "@colm/data";
import type { CausalLM } from "@colm/lm-tfjs";
import { trainingPass } from "@colm/trainer-tfjs";
import { BUDGET } from "./contenders.ts";
import { type Errors, targetsOf } from "./errors.ts";
import type { RecordedPool } from "./record-pools.ts";

/**
 * The errors of several methods' choices in the gradient of all trainable parameters, by passes over the choices and over
 * the pools.
 */
export async function adapterErrors(
  model: CausalLM,
  examples: readonly Example[],
  pools: readonly RecordedPool[],
  small: readonly boolean[],
  choices: ReadonlyMap<string, readonly SelectionResult[]>,
): Promise<Map<string, Errors>> {
  const errors = new Map(
    Array.from(choices.keys(), (name) => [name, { plain: [0].slice(1), upweighted: [0].slice(1) }]),
  );
  for (const [p, { ids, sources }] of pools.entries()) {
    const pool = Array.from(ids, (id) => examples[id]);
    const targets = targetsOf(sources, small);
    const plain = await gradient(model, pool, targets.plain);
    const upweighted = await gradient(model, pool, targets.upweighted);
    for (const [name, results] of choices) {
      const { indices, weights } = results[p];
      const chosen = Array.from(indices, (row) => pool[row]);
      const choice = await gradient(model, chosen, weights);
      errors.get(name)?.plain.push(relativeDistance(choice, plain));
      errors.get(name)?.upweighted.push(relativeDistance(choice, upweighted));
    }
  }
  return errors;
}

type Gradient = ReadonlyMap<string, Float32Array>;

async function gradient(
  model: CausalLM,
  examples: readonly Example[],
  weights: ArrayLike<number>,
): Promise<Gradient> {
  return (await trainingPass(model, examples, { weights, microBatchSize: BUDGET })).gradients;
}

/** `|a - b| / |b|`. */
function relativeDistance(a: Gradient, b: Gradient): number {
  let difference = 0;
  let size = 0;
  for (const [name, wanted] of b) {
    const own = a.get(name) ?? new Float32Array(wanted.length);
    for (let j = 0; j < wanted.length; j++) {
      difference += (own[j] - wanted[j]) ** 2;
      size += wanted[j] ** 2;
    }
  }
  return Math.sqrt(difference / size);
}
