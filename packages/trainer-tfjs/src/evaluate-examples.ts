import { type Batch, collate, type Example } from "@colm/data";
import { breathe } from "./breathe.ts";
import { checkInteger } from "./check-options.ts";
import { microBatches } from "./micro-batches.ts";

/** A number for each example, measured in batches of examples of like length; the arguments are checked under `caller`. */
export async function measureExamples(
  caller: string,
  examples: readonly Example[],
  options: { readonly batchSize?: number | undefined; readonly signal?: AbortSignal | undefined },
  measure: (batch: Batch) => Promise<ArrayLike<number>>,
): Promise<Float64Array> {
  const { batchSize = 16, signal } = options;
  checkInteger(caller, "batchSize", batchSize, 1);
  if (examples.length === 0)
    throw new RangeError(`${caller}: "examples" must have at least 1 example, got 0`);
  const values = new Float64Array(examples.length);
  const lengths = examples.map(({ inputIds }) => inputIds.length);
  for (const positions of microBatches(lengths, batchSize)) {
    await breathe(signal);
    const part = await measure(collate(positions.map((at) => examples[at])));
    for (const [k, at] of positions.entries()) values[at] = part[k];
  }
  return values;
}
