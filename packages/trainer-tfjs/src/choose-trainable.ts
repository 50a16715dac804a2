import { addLora, setTrainable } from "@colm/lm-tfjs";
import { defaultTargets } from "./block-names.ts";
import type { ResolvedOptions } from "./resolve-options.ts";

type Choice = Pick<
  ResolvedOptions,
  "model" | "seed" | "train" | "loraRank" | "loraAlpha" | "loraTargetModules" | "loraDropout" | "useRslora"
>;

/**
 * Adds the adapter that a run asks for, and makes trainable what it trains.
 *
 * @returns Makes the model what it was before; for a run that is refused after all.
 * @throws {RangeError} As `addLora` and `setTrainable`; the model is as before.
 */
export function chooseTrainable(options: Choice): () => void {
  const { model, train } = options;
  const { weights, lora } = model;
  const before = model.allParameters().map(({ value }) => ({ value, trainable: value.trainable }));
  const undo = (): void => {
    if (lora === undefined && model.lora) {
      const own = new Set(before.map(({ value }) => value));
      for (const { value } of model.allParameters()) if (!own.has(value)) value.dispose();
      model.weights = weights;
      delete model.lora;
    }
    for (const { value, trainable } of before) value.trainable = trainable;
  };
  try {
    addAdapter(options);
    if (train === "full" && model.lora) {
      throw new RangeError('train: "train" must be "lora" for a model with an adapter, got "full"');
    }
    if (train !== undefined) setTrainable(model, train === "full" ? "all" : "lora");
  } catch (error) {
    undo();
    throw error;
  }
  return undo;
}

function addAdapter(options: Choice): void {
  const { model, seed, loraRank: rank, loraAlpha, loraTargetModules, loraDropout, useRslora } = options;
  if (rank === undefined) return;
  const targets = loraTargetModules ?? defaultTargets(model.config.modelType);
  addLora(model, {
    rank,
    alpha: loraAlpha ?? 4 * rank,
    seed,
    ...(targets && { targets }),
    ...(loraDropout !== undefined && { dropout: loraDropout }),
    ...(useRslora !== undefined && { useRslora }),
  });
}
