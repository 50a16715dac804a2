import { type Matrix, matrix } from "@colm/array";
import { type CausalLM, lossAndGradients, type PoolInputs } from "@colm/lm-tfjs";
import { floatData } from "./float-data.ts";

/**
 * Exact per-example gradients by the trainable parameters of the last block: row `i` is that of `L_i`, the mean loss of
 * example `i`, its parameters one after the other in the model's order.
 *
 * @param model - The same afterwards, bit for bit. Its last block must have trainable parameters.
 * @param pass - The inputs of all blocks at the model's present parameters. Kept as it is.
 * @returns A fresh `[examples, d]`.
 * @throws {RangeError} If no parameter of the last block is trainable.
 * @remarks One backward pass through head and last block for each example, so n small passes instead of one; the blocks
 * below are not walked, because nothing of theirs counts as trainable meanwhile.
 */
export async function lastBlockGradients(model: CausalLM, pass: PoolInputs): Promise<Matrix> {
  const last = model.config.numHiddenLayers - 1;
  const trainable = model.allParameters().filter(({ value }) => value.trainable);
  const others = trainable.filter(({ name }) => blockOf(name) !== last);
  const own = trainable.filter(({ name }) => blockOf(name) === last);
  if (own.length === 0) {
    throw new RangeError(
      'train: "selection.features" must not be "last-block" where no parameter of the last block is trained',
    );
  }
  const width = own.reduce((sum, { value }) => sum + value.size, 0);
  const [examples] = pass.batch.shape;
  const rows = new Float32Array(examples * width);
  for (const { value } of others) value.trainable = false;
  try {
    for (let i = 0; i < examples; i++) {
      const { gradients } = await lossAndGradients(model, pass.batch, { pass, rows: Int32Array.of(i) });
      const data = await floatData(gradients);
      for (const tensor of gradients.values()) tensor.dispose();
      let at = i * width;
      for (const { name, value } of own) {
        rows.set(data.get(name) ?? [], at);
        at += value.size;
      }
    }
  } finally {
    for (const { value } of others) value.trainable = true;
  }
  return matrix(rows, examples, width);
}

/** The number in `model.layers.3.mlp…` or `transformer.h.3.mlp…`; -1 outside of the blocks. */
function blockOf(name: string): number {
  return Number(/\.(?:layers|h)\.(\d+)\./.exec(name)?.[1] ?? -1);
}
