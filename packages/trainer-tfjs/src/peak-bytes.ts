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
 * TensorFlow.js, nor anything in worker threads. Measurements may overlap in any order; each counts what all tensors
 * hold, those of another run beside it too.
 * @example
 * const bytes = trackPeakBytes();
 * bytes.dispose();
 * bytes.peak() >= 0; // => true
 */
export function trackPeakBytes(): PeakBytes {
  let now = tf.engine().state.numBytes;
  let most = now;
  const see = (change: number): void => {
    now += change;
    if (now > most) most = now;
  };
  watchers.add(see);
  unhook ??= hook();
  return {
    peak: () => most,
    reset() {
      most = now;
    },
    dispose() {
      watchers.delete(see);
      if (watchers.size > 0) return;
      unhook?.();
      unhook = undefined;
    },
  };
}

/** Measurements under way, each told by how many bytes the held ones change; one hook serves all of them. */
const watchers = new Set<(change: number) => void>();
let unhook: (() => void) | undefined;

function hook(): () => void {
  const engine = tf.engine();
  const { trackTensor, removeDataId } = engine;
  const { tensorInfo } = engine.state;
  const tell = (change: number): void => {
    for (const see of watchers) see(change);
  };
  const came: typeof trackTensor = (tensor, backend) => {
    const isNew = !tensorInfo.has(tensor.dataId);
    trackTensor.call(engine, tensor, backend);
    if (isNew) tell(tensorInfo.get(tensor.dataId)?.bytes ?? 0);
  };
  const went: typeof removeDataId = (dataId, backend) => {
    const bytes = tensorInfo.get(dataId)?.bytes ?? 0;
    removeDataId.call(engine, dataId, backend);
    if (!tensorInfo.has(dataId)) tell(-bytes);
  };
  engine.trackTensor = came;
  engine.removeDataId = went;
  return () => {
    if (engine.trackTensor === came) engine.trackTensor = trackTensor;
    if (engine.removeDataId === went) engine.removeDataId = removeDataId;
  };
}
