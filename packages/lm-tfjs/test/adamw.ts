import * as tf from "@tensorflow/tfjs-core";

/**
 * AdamW as PyTorch computes it (betas 0.9 and 0.999, epsilon 1e-8) in float64, with clipping of the global norm. A reference for
 * trajectories, not a trainer.
 */
export function adamW(options: { weightDecay: number; clip: number }) {
  const moments = new Map<string, { m: Float64Array; v: Float64Array }>();
  let t = 0;
  return async (
    variables: ReadonlyMap<string, tf.Variable>,
    gradients: ReadonlyMap<string, tf.Tensor>,
    rate: number,
  ): Promise<number> => {
    t++;
    const values = new Map<string, Float32Array>();
    for (const [name, gradient] of gradients) values.set(name, Float32Array.from(await gradient.data()));
    let square = 0;
    for (const gradient of values.values()) for (const g of gradient) square += g * g;
    const norm = Math.sqrt(square);
    const factor = Math.min(1, options.clip / (norm + 1e-6));
    for (const [name, variable] of variables) {
      const gradient = values.get(name) ?? new Float32Array(variable.size);
      const fresh = { m: new Float64Array(variable.size), v: new Float64Array(variable.size) };
      const { m, v } = moments.get(name) ?? fresh;
      moments.set(name, { m, v });
      const theta = Float32Array.from(await variable.data());
      for (let i = 0; i < theta.length; i++) {
        const g = gradient[i] * factor;
        m[i] = 0.9 * m[i] + 0.1 * g;
        v[i] = 0.999 * v[i] + 0.001 * g * g;
        const step = m[i] / (1 - 0.9 ** t) / (Math.sqrt(v[i] / (1 - 0.999 ** t)) + 1e-8);
        theta[i] = theta[i] * (1 - rate * options.weightDecay) - rate * step;
      }
      tf.tidy(() => variable.assign(tf.tensor(theta, variable.shape)));
    }
    return norm;
  };
}
