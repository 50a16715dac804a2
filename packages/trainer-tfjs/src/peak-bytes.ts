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
 * Follows the largest number of bytes that TensorFlow.js tensors hold at one moment, `max_t numBytes(t)`.
 *
 * @returns The measurement, started. It must be disposed of.
 * @remarks A hook on the engine's `trackTensor`, the one place through which every new tensor passes; it reads
 * the engine's own count, so the figure is deterministic and the same on every back end. It counts tensors,
 * not the scratch memory inside kernels nor arrays outside TensorFlow.js. Measurements may nest.
 * @example
 * const bytes = trackPeakBytes();
 * bytes.dispose();
 * bytes.peak() >= 0; // => true
 */
export function trackPeakBytes(): PeakBytes {
  const engine = tf.engine();
  const original = engine.trackTensor;
  let active = true;
  let most = engine.state.numBytes;

  const hook: typeof original = (tensor, backend) => {
    original.call(engine, tensor, backend);
    if (active && engine.state.numBytes > most) most = engine.state.numBytes;
  };
  engine.trackTensor = hook;

  return {
    peak: () => most,
    reset() {
      most = engine.state.numBytes;
    },
    dispose() {
      active = false;
      if (engine.trackTensor === hook) engine.trackTensor = original;
    },
  };
}
