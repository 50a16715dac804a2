import type { TrainerCallback } from "./callbacks.ts";

/** Numbers by name, as TensorFlow.js hands them to callbacks. */
export type CallbackLogs = Record<string, number>;

/** What a `tf.CustomCallback` of TensorFlow.js has, or the plain object that one is made from. */
export interface CustomCallbackLike {
  setParams?(params: Record<string, number>): unknown;
  onTrainBegin?(logs?: CallbackLogs): unknown;
  onTrainEnd?(logs?: CallbackLogs): unknown;
  onEpochBegin?(epoch: number, logs?: CallbackLogs): unknown;
  onEpochEnd?(epoch: number, logs?: CallbackLogs): unknown;
  onBatchBegin?(batch: number, logs?: CallbackLogs): unknown;
  onBatchEnd?(batch: number, logs?: CallbackLogs): unknown;
}

/**
 * A callback of TensorFlow.js as one of this trainer: batches are updates counted from 0, epochs passes over the data.
 *
 * @param custom - A `tf.CustomCallback`, an object for one, or what `tfvis.show.fitCallbacks` returns.
 * @returns The callback. Logs hold `loss`, and `val_loss` once there was an evaluation.
 * @example
 * const losses = [];
 * const callback = fromCustomCallback({ onBatchEnd: (batch, logs) => losses.push([batch, logs.loss]) });
 * typeof callback.onStepEnd; // => "function"
 */
export function fromCustomCallback(custom: CustomCallbackLike): TrainerCallback {
  let loss: number | undefined;
  let heldOut: number | undefined;
  const logs = (): CallbackLogs => ({
    ...(loss !== undefined && { loss }),
    ...(heldOut !== undefined && { val_loss: heldOut }),
  });
  return {
    async onTrainBegin({ maxSteps }) {
      await custom.setParams?.({ steps: maxSteps });
      await custom.onTrainBegin?.({});
    },
    async onEpochBegin({ epoch }) {
      await custom.onEpochBegin?.(Math.floor(epoch), {});
    },
    async onStepBegin({ globalStep }) {
      await custom.onBatchBegin?.(globalStep, {});
    },
    async onStepEnd(_state, event) {
      loss = event.loss;
      await custom.onBatchEnd?.(event.step - 1, {
        batch: event.step - 1,
        size: event.selection.indices.length,
        loss,
      });
    },
    async onEvaluate(_state, { evaluation }) {
      heldOut = evaluation.micro;
    },
    async onEpochEnd({ epoch }) {
      await custom.onEpochEnd?.(Math.ceil(epoch) - 1, logs());
    },
    async onTrainEnd() {
      await custom.onTrainEnd?.(logs());
    },
  };
}
