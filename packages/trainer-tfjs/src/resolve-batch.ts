import { describe } from "@colm/array";
import { check, checkInteger } from "./check-options.ts";
import type { BatchSettings } from "./train-options.ts";

type Resolved = Required<
  Pick<BatchSettings, "pool" | "budget" | "perDeviceTrainBatchSize" | "lossNormalization" | "maxGradNorm">
>;

/** Pool, budget and micro-batch, checked against each other and the number of examples. */
export function resolveBatch(
  options: BatchSettings,
  examples: number,
): { readonly [Key in keyof Resolved]: NonNullable<Resolved[Key]> } {
  const { gradientAccumulationSteps: parts, perDeviceTrainBatchSize: size } = options;
  const { pool = 128, lossNormalization = "examples", maxGradNorm = 1 } = options;
  if (parts !== undefined) checkInteger("train", "gradientAccumulationSteps", parts, 1);
  if (size !== undefined) checkInteger("train", "perDeviceTrainBatchSize", size, 1);
  const product = parts !== undefined && size !== undefined ? parts * size : undefined;
  const { budget = product ?? 64 } = options;
  checkInteger("train", "pool", pool, 1);
  if (pool > examples) {
    throw new RangeError(`train: "pool" must be at most the ${examples} training examples, got ${pool}`);
  }
  checkInteger("train", "budget", budget, 1);
  if (budget > pool) {
    throw new RangeError(`train: "budget" must be at most the pool of ${pool}, got ${budget}`);
  }
  if (product !== undefined && product !== budget) {
    throw new RangeError(
      `train: "budget" must be perDeviceTrainBatchSize times gradientAccumulationSteps, ${product}, got ${budget}`,
    );
  }
  if (lossNormalization !== "examples" && lossNormalization !== "tokens") {
    throw new RangeError(
      `train: "lossNormalization" must be "examples" or "tokens", got ${describe(lossNormalization)}`,
    );
  }
  check("train", "maxGradNorm", maxGradNorm, maxGradNorm >= 0, "a number of at least 0");
  const { perDeviceTrainBatchSize = parts === undefined ? 16 : Math.ceil(budget / parts) } = options;
  return { pool, budget, perDeviceTrainBatchSize, lossNormalization, maxGradNorm };
}
