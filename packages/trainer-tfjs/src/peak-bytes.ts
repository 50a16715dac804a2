import * as tf from "@tensorflow/tfjs-core";

/** A running measurement of tensor bytes; made by {@link trackPeakBytes}. */
export interface PeakBytes {
  /** The most bytes that tensors held at one moment since the start or the last `reset`. */
  peak(): number;
  /** Starts anew from the bytes held now. */
  reset(): void;
  /** Takes the hook out again; `peak` keeps its last value. May be called twice. */
  dispose(): void;
}

/**
 * Follows the largest number of bytes that the data of TensorFlow.js tensors takes at one moment, `max_t bytes(t)`.
 *
 * @returns The measurement, started from what the engine counts as held. It must be disposed of.
 * @remarks Hooks on the engine's `trackTensor` and `removeDataId`, through which all data passes when it comes and goes. Data is
 * counted once, however many tensors look at it; the engine's own `numBytes` counts a reshaped tensor twice. The figure is
 * deterministic and the same on every back end. It does not count the scratch memory inside kernels nor arrays outside
 * TensorFlow.js, nor anything in worker threads. Measurements may nest: the inner one must end first.
 * @example
 * const bytes = trackPeakBytes();
 * bytes.dispose();
 * bytes.peak() >= 0; // => true
 */
export function trackPeakBytes(): PeakBytes {
  const engine = tf.engine();
  const { trackTensor, removeDataId } = engine;
  const { tensorInfo } = engine.state;
  let active = true;
  let now = engine.state.numBytes;
  let most = now;

  const came: typeof trackTensor = (tensor, backend) => {
    const isNew = !tensorInfo.has(tensor.dataId);
    trackTensor.call(engine, tensor, backend);
    if (!active || !isNew) return;
    now += tensorInfo.get(tensor.dataId)?.bytes ?? 0;
    if (now > most) most = now;
  };
  const went: typeof removeDataId = (dataId, backend) => {
    const bytes = tensorInfo.get(dataId)?.bytes ?? 0;
    removeDataId.call(engine, dataId, backend);
    if (active && !tensorInfo.has(dataId)) now -= bytes;
  };
  engine.trackTensor = came;
  engine.removeDataId = went;

  return {
    peak: () => most,
    reset() {
      most = now;
    },
    dispose() {
      active = false;
      if (engine.trackTensor === came) engine.trackTensor = trackTensor;
      if (engine.removeDataId === went) engine.removeDataId = removeDataId;
    },
  };
}
